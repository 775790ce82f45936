// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.PeriodicTrigger;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what few applications do: more running tasks than the table of workers holds,
 * schedules that are never due, tasks that come late or past the public methods.
 */
class UnusualLoadTests {

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private MonitoredExecutor executor() {
		return this.registry.find("unusual");
	}

	private TaskTotals totals() {
		return executor().recorder().totals(System.nanoTime());
	}

	// failures past the 256th task at once counted as successes
	@Test
	void whenTableOfWorkersIsFullThenFailuresOfCompletablesStillCount() throws Exception {
		int tasks = 600;
		SimpleAsyncTaskExecutor executor = (SimpleAsyncTaskExecutor) this.decorator
			.decorate(new SimpleAsyncTaskExecutor(), "unusual", SimpleAsyncTaskExecutor.class);
		CountDownLatch started = new CountDownLatch(tasks);
		CountDownLatch released = new CountDownLatch(1);
		List<CompletableFuture<Void>> futures = new ArrayList<>();
		for (int i = 0; i < tasks; i++) {
			futures.add(executor.submitCompletable(() -> {
				started.countDown();
				released.await();
				throw new IllegalStateException("failed");
			}));
		}
		started.await();
		assertThat(totals().running()).isEqualTo(tasks);
		released.countDown();
		Awaitility.await().until(() -> totals().completed() == tasks);
		assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
		assertThat(totals().failed()).isEqualTo(tasks);
		assertThat(totals().active()).isZero();
	}

	// "never" overflowed and stopped the application from starting
	@Test
	void whenDelayIsEndlessThenTheScheduleIsTakenAsUndecorated() throws Exception {
		ThreadPoolTaskScheduler target = new ThreadPoolTaskScheduler();
		target.initialize();
		try {
			ThreadPoolTaskScheduler scheduler = (ThreadPoolTaskScheduler) this.decorator.decorate(target, "unusual",
					ThreadPoolTaskScheduler.class);
			Duration never = Duration.ofMillis(Long.MAX_VALUE);
			CountDownLatch ran = new CountDownLatch(3);
			scheduler.scheduleWithFixedDelay(ran::countDown, never);
			scheduler.scheduleAtFixedRate(ran::countDown, never);
			scheduler.schedule(ran::countDown, new PeriodicTrigger(never));
			scheduler.scheduleWithFixedDelay(ran::countDown, Instant.MAX, never);
			scheduler.scheduleAtFixedRate(ran::countDown, Instant.MAX, never);
			scheduler.schedule(ran::countDown, Instant.MAX);
			scheduler.getScheduledThreadPoolExecutor()
				.scheduleWithFixedDelay(ran::countDown, Long.MAX_VALUE, Long.MAX_VALUE, TimeUnit.DAYS);
			assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
			Awaitility.await().until(() -> totals().completed() == 3);
			assertThat(Duration.ofNanos(totals().waitNanos())).isLessThan(Duration.ofSeconds(30));
		}
		finally {
			target.shutdown();
		}
	}

	// tasks given up for lost that ran after all broke the balance for good
	@Test
	void whenTasksRunThatWereGivenUpThenTheyAreNewSubmissions() {
		HoldingPool target = new HoldingPool();
		try {
			Executor pool = (Executor) this.decorator.decorate(target, "unusual", HoldingPool.class);
			for (int i = 0; i < 5; i++) {
				pool.execute(() -> {
				});
			}
			assertThat(totals().active()).isEqualTo(5);
			executor().settleAndSample(System.nanoTime());
			executor().settleAndSample(System.nanoTime());
			assertThat(totals().cancelled()).isEqualTo(5);
			assertThat(totals().active()).isZero();
			target.release();
			Awaitility.await().until(() -> totals().completed() == 5);
			assertThat(totals().submitted()).isEqualTo(10);
			target.held = null;
			CountDownLatch released = new CountDownLatch(1);
			CountDownLatch started = new CountDownLatch(1);
			pool.execute(() -> {
				started.countDown();
				Hold.until(released);
			});
			Hold.until(started);
			assertThat(totals().active()).isOne();
			released.countDown();
			Awaitility.await().until(() -> totals().completed() == 6);
			assertThat(totals().submitted()).isEqualTo(11);
			assertThat(totals().active()).isZero();
		}
		finally {
			target.shutdown();
		}
	}

	// a pool that was fed past its public methods looked as if it started nothing
	@Test
	void whenTasksComePastThePublicMethodsThenTheyAreProgress() {
		HoldingPool target = new HoldingPool();
		try {
			this.decorator.decorate(target, "unusual", HoldingPool.class);
			CountDownLatch started = new CountDownLatch(1);
			CountDownLatch first = new CountDownLatch(1);
			CountDownLatch second = new CountDownLatch(1);
			target.enqueue(() -> {
				started.countDown();
				Hold.until(first);
			});
			target.enqueue(() -> Hold.until(second));
			target.enqueue(second::countDown);
			Hold.until(started);
			long before = executor().sample(System.nanoTime()).started();
			first.countDown();
			Awaitility.await().until(() -> executor().sample(System.nanoTime()).started() == before + 1);
			second.countDown();
		}
		finally {
			target.shutdown();
		}
	}

	/**
	 * Keeps tasks back until they are released, and takes others past its public methods.
	 */
	public static class HoldingPool extends ThreadPoolExecutor {

		private List<Runnable> held = new ArrayList<>();

		HoldingPool() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		public void execute(Runnable task) {
			if (this.held != null) {
				this.held.add(task);
			}
			else {
				super.execute(task);
			}
		}

		public void release() {
			this.held.forEach(super::execute);
		}

		public void enqueue(Runnable task) {
			super.execute(task);
		}

	}

}
