// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the figures of real threads that do known work.
 */
@Tag("live")
class WorkerThreadsTests {

	private final WorkerThreads threads = new WorkerThreads(() -> null);

	private final ThreadPoolExecutor pool = new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), (work) -> new Thread(this.threads.track(work)));

	@AfterEach
	void shutdown() {
		this.pool.shutdownNow();
	}

	/** What stands when nothing moves any more. */
	private static WorkerUsage settled(WorkerThreads threads) {
		WorkerUsage[] last = { threads.read() };
		Awaitility.await().pollInterval(60, TimeUnit.MILLISECONDS).until(() -> {
			WorkerUsage before = last[0];
			last[0] = threads.read();
			return last[0].equals(before);
		});
		return last[0];
	}

	@Test
	void whenNoThreadHasBegunThenNothingIsKnown() {
		assertThat(this.threads.isKnown()).isFalse();
		assertThat(this.threads.usage()).isEqualTo(new WorkerUsage(0, 0, 0, 0, 0, 0));
	}

	@Test
	void parksAreCountedWithinTasksAndBetweenThem() throws Exception {
		this.pool.prestartAllCoreThreads();
		WorkerUsage idle = settled(this.threads);
		assertThat(idle.started()).isEqualTo(2);
		assertThat(idle.parks() - idle.unparks()).as("both wait for a task").isEqualTo(2);
		Semaphore permits = new Semaphore(0);
		CountDownLatch done = new CountDownLatch(1);
		this.pool.execute(() -> {
			for (int i = 0; i < 100; i++) {
				permits.acquireUninterruptibly();
			}
			done.countDown();
		});
		for (int i = 0; i < 100; i++) {
			Awaitility.await().pollInterval(1, TimeUnit.MILLISECONDS).until(permits::hasQueuedThreads);
			permits.release();
		}
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		WorkerUsage after = settled(this.threads);
		// at most one of them each time, if it was released just before it parked; and
		// one
		// to wait for the next task. A park may end without a cause, and come again
		assertThat(after.parks() - idle.parks()).isBetween(50L, 110L);
		assertThat(after.unparks() - idle.unparks()).isEqualTo(after.parks() - idle.parks());
		assertThat(after.parks() - after.unparks()).isEqualTo(2);
	}

	@Test
	void cpuTimeIsThatOfTheWorkDone() throws Exception {
		this.pool.prestartAllCoreThreads();
		WorkerUsage before = settled(this.threads);
		AtomicLong used = new AtomicLong();
		CountDownLatch done = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			this.pool.execute(() -> {
				used.addAndGet(compute(TimeUnit.MILLISECONDS.toNanos(200)));
				done.countDown();
			});
		}
		assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		long cpu = settled(this.threads).cpuNanos() - before.cpuNanos();
		// what the pool itself takes is on top
		assertThat(cpu).isBetween(used.get(), used.get() + TimeUnit.MILLISECONDS.toNanos(20));
	}

	private static long compute(long nanos) {
		long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
		long now = start;
		while (now - start < nanos) {
			now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
		}
		return now - start;
	}

	@Test
	void sleepIsNoCpuTime() throws Exception {
		CountDownLatch done = new CountDownLatch(1);
		this.pool.execute(() -> {
			LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(200));
			done.countDown();
		});
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(settled(this.threads).cpuNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
	}

	@Test
	void blocksAreCountedAtMonitors() throws Exception {
		Object monitor = new Object();
		CountDownLatch done = new CountDownLatch(1);
		AtomicBoolean entered = new AtomicBoolean();
		Thread[] worker = new Thread[1];
		synchronized (monitor) {
			this.pool.execute(() -> {
				worker[0] = Thread.currentThread();
				synchronized (monitor) {
					entered.set(true);
				}
				done.countDown();
			});
			Awaitility.await().until(() -> worker[0] != null && worker[0].getState() == Thread.State.BLOCKED);
			assertThat(entered).isFalse();
		}
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(settled(this.threads).blocks()).isOne();
	}

	@Test
	void whenThreadsComeAndGoThenNoFigureEverFalls() throws Exception {
		ThreadPoolExecutor fleeting = new ThreadPoolExecutor(0, 8, 1, TimeUnit.MILLISECONDS, new SynchronousQueue<>(),
				(work) -> new Thread(this.threads.track(work)), new ThreadPoolExecutor.CallerRunsPolicy());
		AtomicBoolean reading = new AtomicBoolean(true);
		AtomicLong readings = new AtomicLong();
		AtomicLong fallen = new AtomicLong();
		Thread reader = new Thread(() -> {
			WorkerUsage last = this.threads.usage();
			while (reading.get()) {
				WorkerUsage usage = this.threads.usage();
				boolean grows = usage.started() >= last.started() && usage.ended() >= last.ended()
						&& usage.parks() >= last.parks() && usage.unparks() >= last.unparks()
						&& usage.blocks() >= last.blocks() && usage.cpuNanos() >= last.cpuNanos() && usage.live() >= 0
						&& usage.parks() >= usage.unparks();
				fallen.addAndGet(grows ? 0 : 1);
				readings.addAndGet((usage != last) ? 1 : 0);
				last = usage;
			}
		});
		reader.start();
		Awaitility.await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> {
			fleeting.execute(() -> LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1)));
			return this.threads.usage().ended() >= 200 && readings.get() >= 10;
		});
		fleeting.shutdown();
		assertThat(fleeting.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		reading.set(false);
		reader.join();
		assertThat(fallen).hasValue(0);
		WorkerUsage all = settled(this.threads);
		assertThat(all.live()).isZero();
		assertThat(all.parks()).as("figures of ended threads are kept").isGreaterThanOrEqualTo(all.ended() / 2);
		assertThat(all.cpuNanos()).isPositive();
		assertThat(this.threads.live()).isEmpty();
	}

	@Test
	void whenATaskThrowsThenItsThreadHasEnded() {
		Thread.UncaughtExceptionHandler silent = (thread, ex) -> {
		};
		ThreadPoolExecutor failing = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(work) -> {
					Thread thread = new Thread(this.threads.track(work));
					thread.setUncaughtExceptionHandler(silent);
					return thread;
				});
		failing.execute(() -> {
			throw new IllegalStateException("on purpose");
		});
		failing.execute(() -> {
		});
		Awaitility.await().until(() -> this.threads.usage().started() == 2 && this.threads.usage().ended() == 1);
		failing.shutdown();
	}

	@Test
	void whenAForkJoinPoolIsAskedThenItsWorkersAreFoundAndKept() throws Exception {
		ForkJoinPool pool = new ForkJoinPool(2);
		ForkJoinPool other = new ForkJoinPool(1);
		WorkerThreads found = new WorkerThreads(() -> ForkJoinState.threadsOf(pool));
		assertThat(found.usage().started()).isZero();
		CountDownLatch both = new CountDownLatch(2);
		CountDownLatch release = new CountDownLatch(1);
		for (ForkJoinPool any : List.of(pool, pool, other)) {
			any.execute(() -> {
				compute(TimeUnit.MILLISECONDS.toNanos(20));
				both.countDown();
				Hold.until(release);
			});
		}
		assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
		Awaitility.await().until(() -> found.usage().cpuNanos() >= TimeUnit.MILLISECONDS.toNanos(40));
		assertThat(found.live()).hasSize(2).allMatch(Thread::isAlive);
		WorkerUsage living = found.usage();
		release.countDown();
		pool.shutdown();
		assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		Awaitility.await().until(() -> found.usage().ended() == 2);
		assertThat(found.usage().cpuNanos()).isGreaterThanOrEqualTo(living.cpuNanos());
		other.shutdown();
	}

	@Test
	void whenALivingThreadIsNotToldForAWhileThenItIsNotCountedTwice() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		Thread worker = new Thread(() -> {
			compute(TimeUnit.MILLISECONDS.toNanos(50));
			Hold.until(release);
		});
		worker.start();
		Awaitility.await().until(() -> worker.getState() == Thread.State.WAITING);
		// by another reader that was asked before it began, or while it has another name
		Iterator<List<Thread>> told = List.of(List.of(worker), List.<Thread>of(), List.of(worker)).iterator();
		WorkerThreads found = new WorkerThreads(() -> told.hasNext() ? told.next() : null);
		WorkerUsage first = found.usage();
		for (int i = 0; i < 2; i++) {
			assertThat(found.live()).containsExactly(worker);
		}
		assertThat(settled(found)).isEqualTo(first);
		assertThat(first.started()).isOne();
		release.countDown();
		worker.join();
		assertThat(found.live()).isEmpty();
		assertThat(found.usage().ended()).isOne();
	}

	@Test
	void whenAForkJoinPoolIsGoneThenItsWorkersHaveEnded() throws Exception {
		MonitoredExecutor executor = new ExecutorRegistry().obtain("forkJoin", ForkJoinPool.class, 1,
				ExecutorOrigin.BEAN);
		ForkJoinPool pool = new ForkJoinPool(1);
		executor.add(ExecutorStates.ofForkJoin(pool));
		pool.submit(() -> assertThat(executor.threads().usage().started()).isOne()).get(10, TimeUnit.SECONDS);
		Thread worker = executor.threads().live().get(0);
		pool.shutdown();
		worker.join();
		assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		executor.settleAndSample(System.nanoTime());
		assertThat(executor.threads().live()).isEmpty();
		assertThat(executor.threads().usage().ended()).isOne();
	}

}
