// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.RunningTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how often stacks are taken, since all threads stop for it. The clock is moved
 * by the test.
 */
class WorkerStacksTests {

	private static final long START = System.nanoTime();

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ThreadPoolExecutor pool = new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>());

	private final WorkerStacks stacks = new WorkerStacks();

	@AfterEach
	void shutdown() {
		this.pool.shutdownNow();
	}

	/** An executor with a worker that is held. */
	private MonitoredExecutor busy(String name) {
		ThreadPoolExecutor decorated = (ThreadPoolExecutor) new ExecutorDecorator(this.registry).decorate(this.pool,
				name, ThreadPoolExecutor.class);
		Hold.on(decorated);
		return this.registry.find(name);
	}

	private static long after(long millis) {
		return START + TimeUnit.MILLISECONDS.toNanos(millis);
	}

	@Test
	void whenAskedForALongTimeThenTakenOnceInThreeSeconds() {
		MonitoredExecutor orders = busy("orders");
		for (int millis = 0; millis < 60_000; millis += 100) {
			assertThat(this.stacks.of(orders, after(millis))).hasSize(1);
			this.stacks.find(orders, orders.recorder().runningTasks(after(millis)).get(0), after(millis));
			this.stacks.keepOnly(List.of(orders), after(millis));
		}
		assertThat(this.stacks.takes()).isEqualTo(20);
	}

	// whoever is only waited for is in no trouble itself, and was forgotten at each look
	@Test
	void whenNoLongerOfInterestThenNotTakenAgainTooSoon() {
		MonitoredExecutor orders = busy("orders");
		for (int millis = 0; millis < 60_000; millis += 1_000) {
			assertThat(this.stacks.of(orders, after(millis))).hasSize(1);
			this.stacks.keepOnly(List.of(), after(millis));
		}
		assertThat(this.stacks.takes()).isEqualTo(20);
	}

	@Test
	void whenAWorkerStillWaitsForTheSameThenItsStackIsNotTakenAgain() {
		MonitoredExecutor orders = busy("orders");
		RunningTask task = orders.recorder().runningTasks(after(0)).get(0);
		Awaitility.await().until(() -> LockSupport.getBlocker(task.thread()) != null);
		Object blocker = LockSupport.getBlocker(task.thread());
		for (int millis = 0; millis < 60_000; millis += 1_000) {
			assertThat(this.stacks.findWaiting(orders, task, blocker, after(millis))).isNotNull();
		}
		assertThat(this.stacks.takes()).isOne();
		this.stacks.findWaiting(orders, task, new Object(), after(60_000));
		assertThat(this.stacks.takes()).isEqualTo(2);
	}

	@Test
	void whenExecutorsAreSeveralThenEachIsTaken() {
		MonitoredExecutor orders = busy("orders");
		MonitoredExecutor reports = this.registry.obtain("reports", Object.class, 1, ExecutorOrigin.BEAN);
		for (int i = 0; i < 10; i++) {
			assertThat(this.stacks.of(orders, after(0))).hasSize(1);
			assertThat(this.stacks.of(reports, after(0))).isEmpty();
		}
		assertThat(this.stacks.takes()).isEqualTo(2);
	}

	@Test
	void whenTasksAreNotSeenThenTheThreadsThatAreToldStandForThem() throws Exception {
		ForkJoinPool forkJoin = new ForkJoinPool(2) {

		};
		new ExecutorDecorator(this.registry).decorate(forkJoin, "forkJoin", ForkJoinPool.class);
		MonitoredExecutor executor = this.registry.find("forkJoin");
		CountDownLatch running = new CountDownLatch(2);
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < 2; i++) {
			forkJoin.execute(() -> {
				running.countDown();
				Hold.until(release);
			});
		}
		running.await();
		Awaitility.await()
			.until(() -> executor.threads()
				.live()
				.stream()
				.allMatch((thread) -> LockSupport.getBlocker(thread) != null));
		assertThat(StackGroups.of(this.stacks.of(executor, after(0)))).singleElement().satisfies((stack) -> {
			assertThat(stack.workers()).isEqualTo(2);
			assertThat(stack.tasks()).containsExactly("unseen");
			assertThat(stack.frames()).anyMatch((frame) -> frame.getMethodName().equals("until"));
		});
		release.countDown();
		forkJoin.shutdown();
	}

	@Test
	void whenNoLongerOfInterestThenTaskIsLetGo() {
		Hold hold = new Hold();
		ThreadPoolExecutor decorated = (ThreadPoolExecutor) new ExecutorDecorator(this.registry).decorate(this.pool,
				"orders", ThreadPoolExecutor.class);
		// what the user handed over as a future is known by it
		decorated.execute(new FutureTask<>(hold, null));
		hold.awaitStart();
		MonitoredExecutor orders = this.registry.find("orders");
		WeakReference<Future<?>> task = new WeakReference<>(this.stacks.of(orders, after(0)).get(0).task().future());
		assertThat(task.get()).isNotNull();
		hold.close();
		Awaitility.await().until(() -> orders.recorder().completed() == 1);
		this.stacks.keepOnly(List.of(), after(3_000));
		Awaitility.await().until(() -> {
			System.gc();
			return task.get() == null;
		});
		assertThat(this.stacks.takes()).isOne();
	}

}
