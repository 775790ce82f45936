// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The wait of a scheduled task is its lateness: from the instant it was due, not from the
 * call that scheduled it. The only worker is held past that instant.
 */
@Tag("live")
class LatenessTests {

	private static final Duration DELAY = Duration.ofMillis(60);

	private static final Duration LATE = Duration.ofMillis(200);

	// between two clocks, and between two looks at one; less than the delay
	private static final Duration SLACK = Duration.ofMillis(20);

	private final Bench bench = new Bench();

	private final List<Long> starts = new CopyOnWriteArrayList<>();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	private void run() {
		this.starts.add(System.nanoTime());
	}

	private static void awaitClock(Duration fromNow) {
		long from = System.nanoTime();
		Bench.await().until(() -> System.nanoTime() - from >= fromNow.toNanos());
	}

	private Waits waits() {
		TaskTotals totals = this.bench.totals();
		return new Waits(totals.waited(), totals.waitNanos());
	}

	@ParameterizedTest
	@EnumSource
	void whenOneShotStartsLateThenItsWaitIsTheLateness(Scheduler kind) {
		Executor scheduler = kind.decorated(this.bench);
		long scheduled;
		Waits before;
		try (Hold hold = kind.hold(scheduler)) {
			before = waits();
			scheduled = System.nanoTime();
			kind.schedule(scheduler, this::run, DELAY);
			awaitClock(DELAY.plus(LATE));
		}
		Bench.await().until(() -> this.starts.size() == 1 && waits().count() == before.count() + 1);
		long wait = waits().nanos() - before.nanos();
		assertThat(wait).isBetween(LATE.minus(SLACK).toNanos(),
				this.starts.get(0) - scheduled - DELAY.minus(SLACK).toNanos());
	}

	@ParameterizedTest
	@EnumSource
	void whenFixedRateIsLateThenEachRunWaitsFromItsOwnInstant(Scheduler kind) {
		Executor scheduler = kind.decorated(this.bench);
		long scheduled;
		Waits before;
		Future<?> future;
		try (Hold hold = kind.hold(scheduler)) {
			before = waits();
			scheduled = System.nanoTime();
			future = kind.scheduleAtFixedRate(scheduler, this::run, DELAY);
			awaitClock(LATE.plus(DELAY).plus(DELAY));
		}
		Bench.await().until(() -> this.starts.size() >= 3);
		future.cancel(false);
		Bench.await().until(() -> waits().count() == before.count() + this.starts.size());
		long atMost = 0;
		for (int i = 0; i < this.starts.size(); i++) {
			atMost += Math.max(0, this.starts.get(i) - scheduled - i * DELAY.toNanos());
		}
		long wait = waits().nanos() - before.nanos();
		// late by 320, 260 and 200 ms
		assertThat(wait).isBetween(3 * LATE.minus(SLACK).toNanos() + 3 * DELAY.toNanos(), atMost + SLACK.toNanos());
	}

	@ParameterizedTest
	@EnumSource
	void whenFixedDelayIsLateThenEachRunWaitsFromTheDelayAfterTheOneBefore(Scheduler kind) {
		Executor scheduler = kind.decorated(this.bench);
		List<Long> ends = new CopyOnWriteArrayList<>();
		Hold second = new Hold();
		long scheduled;
		Waits before;
		Future<?> future;
		try (Hold hold = kind.holdFixedDelays(scheduler, new Hold())) {
			hold.awaitStart();
			before = waits();
			scheduled = System.nanoTime();
			future = kind.scheduleWithFixedDelay(scheduler, () -> {
				run();
				if (ends.isEmpty()) {
					// stands before the next run
					kind.holdFixedDelays(scheduler, second);
				}
				ends.add(System.nanoTime());
			}, DELAY);
			awaitClock(LATE);
		}
		second.awaitStart();
		// the one before has ended
		awaitClock(DELAY.plus(LATE));
		second.close();
		Bench.await().until(() -> this.starts.size() >= 2);
		future.cancel(false);
		// the second hold is a task, too
		Bench.await().until(() -> waits().count() == before.count() + this.starts.size() + 1);
		long wait = waits().nanos() - before.nanos();
		// the second hold waited for the run that called for it
		long atMost = this.starts.get(0) - scheduled + ends.get(0) - this.starts.get(0) + DELAY.toNanos();
		for (int i = 1; i < this.starts.size(); i++) {
			atMost += Math.max(0, this.starts.get(i) - ends.get(i - 1) - DELAY.toNanos());
		}
		assertThat(wait).isBetween(2 * LATE.minus(SLACK).toNanos(), atMost);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SCHEDULED_THREAD_POOL_EXECUTOR")
	void whenTriggeredRunIsLateThenItWaitsFromWhatTheTriggerSaid(Scheduler kind) {
		Executor scheduler = kind.decorated(this.bench);
		long scheduled = System.nanoTime();
		Instant first = Instant.now().plus(DELAY);
		// as a cron expression does: instants on the clock, whatever was late
		Trigger trigger = (context) -> (context.lastCompletion() == null) ? first : first.plusSeconds(3600);
		Waits before;
		try (Hold hold = kind.hold(scheduler)) {
			before = waits();
			((TaskScheduler) scheduler).schedule(this::run, trigger);
			awaitClock(DELAY.plus(LATE));
		}
		Bench.await().until(() -> this.starts.size() == 1 && waits().count() == before.count() + 1);
		long wait = waits().nanos() - before.nanos();
		assertThat(wait).isBetween(LATE.minus(SLACK).toNanos(),
				this.starts.get(0) - scheduled - DELAY.minus(SLACK).toNanos());
	}

	@Test
	void whenOnTimeThenTheDelayIsNoWait() {
		for (Scheduler kind : Scheduler.values()) {
			Bench own = new Bench();
			Executor scheduler = kind.decorated(own);
			long scheduled = System.nanoTime();
			this.starts.clear();
			kind.schedule(scheduler, this::run, DELAY);
			Bench.await().until(() -> own.totals().completed() == 1);
			assertThat(own.totals().waitNanos()).as(kind.name())
				.isBetween(0L, this.starts.get(0) - scheduled - DELAY.minus(SLACK).toNanos());
			own.stopAll();
		}
	}

	/**
	 * Row: an adapter over a metered pool took the counts away from the pool.
	 */
	@Test
	void whenThePoolBeneathAConcurrentTaskSchedulerIsDecoratedThenItKnowsTheWait() {
		Bench other = this.bench.sharing("adapter");
		ScheduledThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(new ScheduledThreadPoolExecutor(1)),
				null);
		ConcurrentTaskScheduler raw = new ConcurrentTaskScheduler(pool);
		ConcurrentTaskScheduler scheduler = other.decorate(raw, null);
		assertThat(scheduler).isSameAs(raw);
		assertThat(other.monitored().coverage()).isEqualTo(Coverage.NONE);
		assertThat(other.monitored().coverageReason()).contains("executor");
		try (Hold hold = Hold.on(pool)) {
			scheduler.schedule(this::run, Instant.now().plus(DELAY));
			awaitClock(DELAY.plus(LATE));
		}
		Bench.await().until(() -> this.bench.totals().completed() == 2);
		assertThat(this.bench.totals().waitNanos()).isGreaterThanOrEqualTo(LATE.minus(SLACK).toNanos());
		assertThat(other.totals().submitted()).isZero();
	}

	/**
	 * How many waits are known, and their sum.
	 */
	record Waits(long count, long nanos) {

	}

	/**
	 * The schedulers that know when a task is due.
	 */
	enum Scheduler {

		THREAD_POOL_TASK_SCHEDULER((bench) -> {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.afterPropertiesSet();
			return scheduler;
		}),

		CONCURRENT_TASK_SCHEDULER(
				(bench) -> new ConcurrentTaskScheduler(bench.stopLater(new ScheduledThreadPoolExecutor(1)))),

		SCHEDULED_THREAD_POOL_EXECUTOR((bench) -> new ScheduledThreadPoolExecutor(1)) {

			@Override
			Future<?> schedule(Executor scheduler, Runnable task, Duration delay) {
				return ((ScheduledThreadPoolExecutor) scheduler).schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
			}

			@Override
			Future<?> scheduleAtFixedRate(Executor scheduler, Runnable task, Duration period) {
				return ((ScheduledThreadPoolExecutor) scheduler).scheduleAtFixedRate(task, 0, period.toNanos(),
						TimeUnit.NANOSECONDS);
			}

			@Override
			Future<?> scheduleWithFixedDelay(Executor scheduler, Runnable task, Duration delay) {
				return ((ScheduledThreadPoolExecutor) scheduler).scheduleWithFixedDelay(task, 0, delay.toNanos(),
						TimeUnit.NANOSECONDS);
			}

		},

		/**
		 * Held at its concurrency limit; fixed delays have a thread of their own.
		 */
		SIMPLE_ASYNC_TASK_SCHEDULER((bench) -> {
			SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
			scheduler.setConcurrencyLimit(1);
			return scheduler;
		}) {

			@Override
			Hold holdFixedDelays(Executor scheduler, Hold hold) {
				scheduleWithFixedDelay(scheduler, hold, Duration.ofHours(1));
				return hold;
			}

		};

		private final Function<Bench, Executor> factory;

		Scheduler(Function<Bench, Executor> factory) {
			this.factory = factory;
		}

		Executor decorated(Bench bench) {
			return bench.decorate(bench.stopLater(this.factory.apply(bench)), null);
		}

		Hold hold(Executor scheduler) {
			return Hold.on(scheduler);
		}

		Hold holdFixedDelays(Executor scheduler, Hold hold) {
			scheduler.execute(hold);
			return hold;
		}

		Future<?> schedule(Executor scheduler, Runnable task, Duration delay) {
			return ((TaskScheduler) scheduler).schedule(task, Instant.now().plus(delay));
		}

		Future<?> scheduleAtFixedRate(Executor scheduler, Runnable task, Duration period) {
			return ((TaskScheduler) scheduler).scheduleAtFixedRate(task, period);
		}

		Future<?> scheduleWithFixedDelay(Executor scheduler, Runnable task, Duration delay) {
			return ((TaskScheduler) scheduler).scheduleWithFixedDelay(task, delay);
		}

	}

}
