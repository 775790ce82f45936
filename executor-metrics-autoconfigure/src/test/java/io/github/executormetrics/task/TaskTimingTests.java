// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is known of tasks of which only some are timed.
 */
class TaskTimingTests {

	private static final int NEVER = 1_000_000_000;

	private final Counting timers = new Counting();

	@Test
	void whenOneInSixteenIsTimedThenAllAreCountedAndSoManyAreTimed() {
		TaskRecorder recorder = recorder(16);
		for (int i = 0; i < 16_000; i++) {
			boolean failing = i % 4 == 0;
			run(recorder, failing);
		}
		TaskTotals totals = recorder.totals(System.nanoTime());
		assertThat(totals.submitted()).isEqualTo(16_000);
		assertThat(totals.started()).isEqualTo(16_000);
		assertThat(totals.succeeded()).isEqualTo(12_000);
		assertThat(totals.failed()).isEqualTo(4_000);
		assertThat(totals.active()).isZero();
		// 1,000 expected, with a deviation of 18
		assertThat(totals.timed()).isBetween(890L, 1_110L).isEqualTo(totals.waited());
		assertThat(this.timers.waits).hasValue((int) totals.waited());
		assertThat(this.timers.runs).hasValue((int) totals.timed());
		assertThat(this.timers.failed.get()).isBetween(190, 310);
		NamedTotals named = recorder.byName().totals(recorder.byName().names().get(0), System.nanoTime());
		assertThat(named.started()).isEqualTo(16_000);
		assertThat(named.completed()).isEqualTo(16_000);
		assertThat(named.failed()).isEqualTo(4_000);
		assertThat(named.timed()).isEqualTo(totals.timed());
		assertThat(named.waited()).isEqualTo(totals.waited());
		assertThat(named.runNanos()).isEqualTo(totals.runNanos());
		assertThat(named.allRunNanos()).isBetween(14 * named.runNanos(), 18 * named.runNanos());
	}

	// it could run for ever, and nobody would know for how long
	@Test
	void whenATaskThatIsNotTimedRunsThenItsAgeCountsFromTheFirstLook() throws InterruptedException {
		TaskRecorder recorder = recorder(NEVER);
		try (Held held = new Held(recorder)) {
			long minute = TimeUnit.MINUTES.toNanos(1);
			// ahead of the clock that the first look reads
			long now = System.nanoTime() + minute;
			assertThat(recorder.totals(now).oldestRunningNanos()).isZero();
			assertThat(recorder.totals(now + minute).oldestRunningNanos()).isEqualTo(minute);
			assertThat(recorder.runningTasks(now + minute)).singleElement()
				.extracting(RunningTask::ageNanos)
				.isEqualTo(minute);
		}
		assertThat(recorder.totals(System.nanoTime()).completed()).isEqualTo(1);
		assertThat(recorder.totals(System.nanoTime()).runNanos()).isZero();
		// the next one in the same slot is young again
		try (Held held = new Held(recorder)) {
			assertThat(recorder.totals(System.nanoTime() + 1).oldestRunningNanos()).isZero();
		}
	}

	// it seemed older than it was by as long as the look had taken to come to it
	@Test
	void whenATaskStartsAfterALookBeganThenItIsNotOlderThanItRuns() throws InterruptedException {
		TaskRecorder recorder = recorder(NEVER);
		long began = System.nanoTime() - TimeUnit.MINUTES.toNanos(1);
		long before = System.nanoTime();
		try (Held held = new Held(recorder)) {
			assertThat(recorder.totals(began).oldestRunningNanos()).isZero();
			long now = System.nanoTime();
			assertThat(recorder.totals(now).oldestRunningNanos()).isLessThanOrEqualTo(now - before);
		}
	}

	@Test
	void whenTasksFindNoSlotThenAllOfThemAreTimed() throws InterruptedException {
		TaskRecorder recorder = recorder(NEVER);
		CountDownLatch released = new CountDownLatch(1);
		Thread[] threads = new Thread[64];
		for (int i = 0; i < threads.length; i++) {
			threads[i] = new Thread(MeteredTask.of(() -> Hold.until(released), recorder, false));
			threads[i].start();
		}
		Awaitility.await().until(() -> recorder.totals(System.nanoTime()).started() == 64);
		int slots = recorder.runningTasks(System.nanoTime()).size();
		released.countDown();
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(recorder.totals(System.nanoTime()).timed()).isEqualTo(64 - slots).isPositive();
	}

	@Test
	void whenTheLogTellsOfTasksThenAllAreTimed() {
		Logger logger = (Logger) LoggerFactory.getLogger(TaskLog.PREFIX + "timed");
		logger.setLevel(Level.DEBUG);
		try {
			TaskRecorder recorder = recorder(NEVER);
			run(recorder, false);
			assertThat(recorder.totals(System.nanoTime()).timed()).isEqualTo(1);
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void whenAScheduleRunsThenItIsTimed() {
		TaskRecorder recorder = recorder(NEVER);
		MeteredRun.of(() -> {
		}, recorder, Due.once(System.nanoTime())).run();
		assertThat(recorder.totals(System.nanoTime()).timed()).isEqualTo(1);
	}

	private TaskRecorder recorder(int timing) {
		TaskRecorder recorder = new TaskRecorder("timed", 1, TaskSettings.defaults().timing(timing));
		recorder.timers(this.timers);
		return recorder;
	}

	private static void run(TaskRecorder recorder, boolean failing) {
		try {
			MeteredTask.of(() -> {
				if (failing) {
					throw new IllegalStateException("on purpose");
				}
			}, recorder, false).run();
		}
		catch (IllegalStateException ex) {
			assertThat(failing).isTrue();
		}
	}

	private static final class Held implements AutoCloseable {

		private final CountDownLatch released = new CountDownLatch(1);

		private final Thread thread;

		Held(TaskRecorder recorder) throws InterruptedException {
			CountDownLatch started = new CountDownLatch(1);
			this.thread = new Thread(MeteredTask.of(() -> {
				started.countDown();
				Hold.until(this.released);
			}, recorder, false));
			this.thread.start();
			started.await();
		}

		@Override
		public void close() throws InterruptedException {
			this.released.countDown();
			this.thread.join();
		}

	}

	private static final class Counting implements TaskTimers {

		private final AtomicInteger waits = new AtomicInteger();

		private final AtomicInteger runs = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		@Override
		public void recordWait(long nanos) {
			this.waits.incrementAndGet();
		}

		@Override
		public void recordRun(long nanos, boolean failed) {
			this.runs.incrementAndGet();
			if (failed) {
				this.failed.incrementAndGet();
			}
		}

		@Override
		public void recordPolls(long polls) {
		}

	}

}
