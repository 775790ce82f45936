// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorStates;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A look never blocks a task: it holds nothing that a task needs, and walks no queue
 * whose lock it would hold meanwhile. The watch's clock is moved by the test, 1 s a tick.
 */
class TickTests {

	private static final int QUEUED = 100_000;

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final CountDownLatch released = new CountDownLatch(1);

	private final List<ThreadPoolExecutor> pools = new ArrayList<>();

	private long nanos = System.nanoTime();

	private final ExecutorWatch watch = new ExecutorWatch(
			this.registry, new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ZERO, 3, 5,
					Duration.ofMinutes(1), TestLimits.DEFAULTS, Map.of()),
			() -> this.nanos, () -> Instant.EPOCH, new CallersThread());

	TickTests() {
		this.watch.begin();
	}

	@AfterEach
	void shutdown() {
		this.released.countDown();
		this.pools.forEach(ThreadPoolExecutor::shutdownNow);
	}

	private <P extends ThreadPoolExecutor> P register(P pool) {
		this.pools.add(pool);
		MonitoredExecutor executor = this.registry.obtain("orders", Object.class, 1, ExecutorOrigin.BEAN);
		executor.cover(Coverage.STATE, "told by the test");
		executor.add(ExecutorStates.ofPool(pool, (owner) -> owner));
		this.registry.add(executor);
		return pool;
	}

	private void ticks(int ticks) {
		for (int i = 0; i < ticks; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(1);
			this.watch.tick();
		}
	}

	private void hold(ThreadPoolExecutor pool) throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		pool.execute(() -> {
			started.countDown();
			Hold.until(this.released);
		});
		started.await();
	}

	@Test
	void whenQueueIsLongThenItIsNotWalked() throws Exception {
		CountedQueue queue = new CountedQueue(new LinkedBlockingQueue<>());
		ThreadPoolExecutor pool = register(new CountedPool(queue));
		hold(pool);
		for (int i = 0; i < QUEUED; i++) {
			queue.queue.add(this.released::countDown);
		}
		ticks(2);
		assertThat(queue.calls).containsOnlyKeys("peek", "size", "remainingCapacity");
		assertThat(queue.steps).isZero();
	}

	@Test
	void whenExecutorWithLongQueueStarvesThenItIsWalkedStepByStepAndNotToItsEnd() throws Exception {
		CountedQueue queue = new CountedQueue(new LinkedBlockingQueue<>());
		ThreadPoolExecutor pool = register(new CountedPool(queue));
		hold(pool);
		for (int i = 0; i < QUEUED; i++) {
			queue.queue.add(this.released::countDown);
		}
		for (int i = 0; i < 30; i++) {
			queue.steps = 0;
			ticks(1);
			// the names of a thousand, and ten thousand to tell a deadlock and a chain
			assertThat(queue.steps).isLessThanOrEqualTo(11_000);
		}
		assertThat(this.registry.find("orders").incidentCount(StarvationCause.STALLED)).isOne();
		// an iterator of such a queue locks for each step, all else for the whole walk
		assertThat(queue.calls).containsOnlyKeys("peek", "size", "remainingCapacity", "iterator");
	}

	@Test
	void whenNothingIsOverdueThenOnlyTheHeadOfASchedulersQueueIsLookedAt() {
		CountedScheduler scheduler = register(new CountedScheduler());
		for (int i = 0; i < QUEUED; i++) {
			scheduler.schedule(this.released::countDown, 1, TimeUnit.DAYS);
		}
		ticks(600);
		assertThat(scheduler.queue.calls).containsOnlyKeys("peek", "remainingCapacity");
		assertThat(this.registry.find("orders").queueDepth()).isZero();
	}

	@Test
	void whenTasksAreOverdueThenASchedulersQueueIsCopiedOnceALook() throws Exception {
		CountedScheduler scheduler = register(new CountedScheduler());
		hold(scheduler);
		for (int i = 0; i < 10; i++) {
			scheduler.schedule(this.released::countDown, -1, TimeUnit.SECONDS);
		}
		ticks(2);
		assertThat(scheduler.queue.calls).containsEntry("iterator", 2);
	}

	// what a pool has completed is asked for while tasks are queued only
	@ParameterizedTest
	@ValueSource(strings = { "getActiveCount", "getPoolSize", "getQueue", "depthRecorder" })
	@Timeout(30)
	void whenALookHangsThenTasksGoOn(String where) throws Exception {
		HangingPool target = new HangingPool(where, this.released);
		this.pools.add(target);
		ThreadPoolExecutor pool = (ThreadPoolExecutor) this.decorator.decorate(target, "orders", HangingPool.class);
		if (where.equals("depthRecorder")) {
			this.registry.find("orders").depthRecorder((depth) -> target.hang(where));
		}
		Thread look = new Thread(() -> ticks(2));
		target.looker = look;
		look.start();
		target.hanging.await();
		// one after the other, then a queued one, one for a new worker, and a refused one
		for (int i = 0; i < 10; i++) {
			assertThat(pool.submit(() -> "done").get()).isEqualTo("done");
			Awaitility.await().until(() -> this.registry.find("orders").recorder().running() == 0);
		}
		CountDownLatch hold = new CountDownLatch(1);
		Future<?> first = submitAndAwaitStart(pool, hold);
		Future<?> queued = pool.submit(hold::countDown);
		Future<?> second = submitAndAwaitStart(pool, hold);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(hold::countDown));
		assertThat(queued.cancel(false)).isTrue();
		hold.countDown();
		first.get();
		second.get();
		// and other executors become known
		ThreadPoolExecutor other = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		this.pools.add(other);
		assertThat(((ThreadPoolExecutor) this.decorator.decorate(other, "reports", ThreadPoolExecutor.class))
			.submit(() -> "done")
			.get()).isEqualTo("done");
		assertThat(look.isAlive()).isTrue();
		assertThat(this.registry.find("orders").recorder().completed()).isGreaterThanOrEqualTo(10);
		this.released.countDown();
		look.join();
	}

	private Future<?> submitAndAwaitStart(ThreadPoolExecutor pool, CountDownLatch hold) throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		Future<?> task = pool.submit(() -> {
			started.countDown();
			Hold.until(hold);
		});
		started.await();
		return task;
	}

	@Test
	void whenNothingIsWrongThenNoStacksAreTaken() throws Exception {
		ThreadPoolExecutor target = new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		this.pools.add(target);
		ThreadPoolExecutor pool = (ThreadPoolExecutor) this.decorator.decorate(target, "orders",
				ThreadPoolExecutor.class);
		for (int i = 0; i < 600; i++) {
			List<Future<?>> tasks = new ArrayList<>();
			for (int j = 0; j < 20; j++) {
				tasks.add(pool.submit(Thread::onSpinWait));
			}
			for (Future<?> task : tasks) {
				task.get();
			}
			// else the last one runs for as long as the clock was moved
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> this.registry.find("orders").recorder().running() == 0);
			ticks(1);
		}
		assertThat(this.watch.ticks()).isEqualTo(600);
		assertThat(this.registry.find("orders").recorder().submitted()).isEqualTo(12_000);
		assertThat(this.watch.stacksTaken()).isZero();
	}

	// only their stacks can tell that the workers wait for each other, and did at each
	// look
	@Test
	void whenADeadlockIsSuspectedThenStacksAreTakenAtItsBreachesOnly() throws Exception {
		ThreadPoolExecutor target = new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		this.pools.add(target);
		ThreadPoolExecutor pool = (ThreadPoolExecutor) this.decorator.decorate(target, "orders",
				ThreadPoolExecutor.class);
		CountDownLatch started = new CountDownLatch(4);
		CountDownLatch waiting = new CountDownLatch(4);
		for (int i = 0; i < 4; i++) {
			pool.execute(() -> {
				started.countDown();
				Hold.until(started);
				pool.execute(this.released::countDown);
				waiting.countDown();
				Hold.until(this.released);
			});
		}
		waiting.await();
		this.nanos = System.nanoTime();
		ticks(100);
		assertThat(this.registry.find("orders").incidentCount(StarvationCause.DEADLOCKED)).isOne();
		// delayed, stalled, raised, and at last stuck
		assertThat(this.watch.stacksTaken()).isBetween(1L, 4L);
	}

	/**
	 * Shows a queue through which each call is counted.
	 */
	private static final class CountedQueue {

		private final BlockingQueue<Runnable> queue;

		private final BlockingQueue<Runnable> counted;

		private final Map<String, Integer> calls = new TreeMap<>();

		private int steps;

		@SuppressWarnings("unchecked")
		CountedQueue(BlockingQueue<Runnable> queue) {
			this.queue = queue;
			this.counted = (BlockingQueue<Runnable>) Proxy.newProxyInstance(TickTests.class.getClassLoader(),
					new Class<?>[] { BlockingQueue.class }, (proxy, method, args) -> {
						this.calls.merge(method.getName(), 1, Integer::sum);
						try {
							Object result = method.invoke(queue, args);
							return (result instanceof Iterator<?> tasks) ? counted((Iterator<Runnable>) tasks) : result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		private Iterator<Runnable> counted(Iterator<Runnable> tasks) {
			return new Iterator<>() {
				@Override
				public boolean hasNext() {
					return tasks.hasNext();
				}

				@Override
				public Runnable next() {
					CountedQueue.this.steps++;
					return tasks.next();
				}
			};
		}

	}

	private static final class CountedPool extends ThreadPoolExecutor {

		private final CountedQueue queue;

		CountedPool(CountedQueue queue) {
			super(1, 1, 0, TimeUnit.SECONDS, queue.queue);
			this.queue = queue;
		}

		@Override
		public BlockingQueue<Runnable> getQueue() {
			return this.queue.counted;
		}

	}

	private static final class CountedScheduler extends ScheduledThreadPoolExecutor {

		private final CountedQueue queue = new CountedQueue(super.getQueue());

		CountedScheduler() {
			super(1);
		}

		@Override
		public BlockingQueue<Runnable> getQueue() {
			// the pool asks itself, too
			return StackWalker.getInstance()
				.walk((frames) -> frames.skip(1).findFirst().orElseThrow())
				.getClassName()
				.startsWith("java.") ? super.getQueue() : this.queue.counted;
		}

	}

	/**
	 * Hangs where the watch reads it.
	 */
	public static class HangingPool extends ThreadPoolExecutor {

		private final String where;

		private final CountDownLatch released;

		private final CountDownLatch hanging = new CountDownLatch(1);

		private volatile Thread looker;

		HangingPool(String where, CountDownLatch released) {
			super(1, 2, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(1));
			this.where = where;
			this.released = released;
		}

		public void hang(String where) {
			if (Thread.currentThread() == this.looker && where.equals(this.where)) {
				this.hanging.countDown();
				Hold.until(this.released);
			}
		}

		@Override
		public int getActiveCount() {
			hang("getActiveCount");
			return super.getActiveCount();
		}

		@Override
		public int getPoolSize() {
			hang("getPoolSize");
			return super.getPoolSize();
		}

		@Override
		public long getCompletedTaskCount() {
			hang("getCompletedTaskCount");
			return super.getCompletedTaskCount();
		}

		@Override
		public BlockingQueue<Runnable> getQueue() {
			hang("getQueue");
			return super.getQueue();
		}

	}

}
