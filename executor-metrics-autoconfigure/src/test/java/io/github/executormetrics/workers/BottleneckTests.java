// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.WorkerStack;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what workers are seen to wait for, with the stacks of real threads where the
 * JDK makes them wait.
 */
class BottleneckTests {

	private static WorkerStack stack(int workers, Thread.State state, StackTraceElement... frames) {
		return new WorkerStack(workers, List.of("worker-1"), List.of("task"), 100, state, List.of(frames));
	}

	private static StackTraceElement frame(String type, String method) {
		return new StackTraceElement(type, method, null, -1);
	}

	/** The stack of a thread that waits in this. */
	private static WorkerStack waiting(int workers, Runnable wait) throws InterruptedException {
		Thread thread = new Thread(wait);
		thread.start();
		Awaitility.await()
			.until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.BLOCKED);
		WorkerStack stack = stack(workers, thread.getState(), thread.getStackTrace());
		thread.interrupt();
		return stack;
	}

	private static Runnable interrupted(Interruptible wait) {
		return () -> {
			try {
				wait.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		};
	}

	@Test
	void locksAndSemaphoresOfTheJdk() throws InterruptedException {
		ReentrantLock lock = new ReentrantLock();
		lock.lock();
		assertKind(Bottleneck.Kind.LOCK, waiting(3, interrupted(lock::lockInterruptibly)));
		Semaphore none = new Semaphore(0);
		assertKind(Bottleneck.Kind.PERMIT, waiting(3, interrupted(none::acquire)));
		assertKind(null, waiting(3, interrupted(new CountDownLatch(1)::await)));
		assertKind(null, waiting(3, interrupted(lock.newCondition()::await), lock));
	}

	private static WorkerStack waiting(int workers, Runnable wait, ReentrantLock lock) throws InterruptedException {
		lock.unlock();
		WorkerStack stack = waiting(workers, () -> {
			lock.lock();
			try {
				wait.run();
			}
			finally {
				lock.unlock();
			}
		});
		lock.lock();
		return stack;
	}

	@Test
	void monitors() throws InterruptedException {
		Object monitor = new Object();
		WorkerStack stack;
		synchronized (monitor) {
			stack = waiting(2, () -> {
				synchronized (monitor) {
					Thread.yield();
				}
			});
		}
		assertKind(Bottleneck.Kind.LOCK, stack);
	}

	@Test
	void poolsThatLend() {
		StackTraceElement park = frame("jdk.internal.misc.Unsafe", "park");
		StackTraceElement queue = frame("java.util.concurrent.SynchronousQueue", "poll");
		assertKind(Bottleneck.Kind.POOLED,
				stack(4, Thread.State.TIMED_WAITING, park, queue,
						frame("com.zaxxer.hikari.util.ConcurrentBag", "borrow"),
						frame("com.zaxxer.hikari.pool.HikariPool", "getConnection"), frame("app.Orders", "save")));
		assertKind(Bottleneck.Kind.POOLED,
				stack(4, Thread.State.WAITING, park,
						frame("org.apache.commons.pool2.impl.LinkedBlockingDeque", "takeFirst"),
						frame("org.apache.commons.pool2.impl.GenericObjectPool", "borrowObject")));
		assertKind(Bottleneck.Kind.POOLED, stack(4, Thread.State.WAITING, park, frame("app.ClientPool", "acquireOne")));
	}

	@Test
	void whatHasAPoolInItsNameAndLendsNothing() {
		StackTraceElement park = frame("jdk.internal.misc.Unsafe", "park");
		assertKind(null, stack(4, Thread.State.WAITING, park, frame("app.CarPoolService", "computeRoutes")));
		assertKind(null, stack(4, Thread.State.WAITING, park, frame("app.CarPoolService", "getRides")));
		assertKind(null, stack(4, Thread.State.WAITING, park,
				frame("org.apache.tomcat.util.threads.ThreadPoolExecutor", "getTask")));
		assertKind(null, stack(4, Thread.State.RUNNABLE, frame("app.ClientPool", "getOne")));
		// the pool has lent, and called the application
		assertKind(null, stack(4, Thread.State.WAITING, park, frame("app.Waiting", "forClient"),
				frame("java.util.concurrent.FutureTask", "run"), frame("app.ClientPool", "getOne")));
	}

	@Test
	void aPausedPoolIsHeldBeforeATask() {
		StackTraceElement park = frame("jdk.internal.misc.Unsafe", "park");
		StackTraceElement run = frame("java.util.concurrent.ThreadPoolExecutor", "runWorker");
		assertKind(Bottleneck.Kind.PAUSE,
				stack(2, Thread.State.WAITING, park, frame("app.Pausable", "beforeExecute"), run));
		// a task that pauses another pool
		assertKind(null, stack(2, Thread.State.WAITING, park, frame("app.Pausable", "beforeExecute"),
				frame("app.Orders", "run"), run));
	}

	// one at each of two locks: more workers may help
	@Test
	void whoStandsInDifferentPlacesMayWantDifferentLocks() {
		WorkerStack one = stack(1, Thread.State.BLOCKED, frame("app.Orders", "save"));
		WorkerStack other = stack(1, Thread.State.BLOCKED, frame("app.Mails", "send"));
		assertThat(Bottleneck.of(List.of(one, other))).isNull();
	}

	@Test
	void fewerThanHalfOrASingleWorkerAreNone() {
		WorkerStack blocked = stack(2, Thread.State.BLOCKED, frame("app.Orders", "save"));
		WorkerStack others = stack(3, Thread.State.RUNNABLE, frame("app.Orders", "compute"));
		assertThat(Bottleneck.of(List.of(blocked, others))).isNull();
		assertThat(Bottleneck.of(List.of(stack(1, Thread.State.BLOCKED, frame("app.Orders", "save"))))).isNull();
		assertThat(Bottleneck.of(List.of())).isNull();
		assertThat(Bottleneck.of(Arrays.asList(blocked, stack(2, Thread.State.RUNNABLE))))
			.isEqualTo(new Bottleneck(Bottleneck.Kind.LOCK, 2, 4));
	}

	private static void assertKind(Bottleneck.Kind kind, WorkerStack stack) {
		Bottleneck found = Bottleneck.of(List.of(stack));
		assertThat((found != null) ? found.kind() : null).as(stack.frames().toString()).isEqualTo(kind);
	}

	private interface Interruptible {

		void await() throws InterruptedException;

	}

}
