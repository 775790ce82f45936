// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a task and its future suffer from being recorded: nothing.
 */
class TaskRecorderTests {

	private final TaskRecorder recorder = new TaskRecorder("recorded", 1,
			new TaskSettings(new TaskNaming(10), 1, 1, TaskBudget.DEFAULT, Map.of(), Map.of()));

	private final AtomicInteger ran = new AtomicInteger();

	// the task did not run, and its slot stayed taken
	@Test
	void whenTheLogThrowsThenTheTaskRunsAndIsCounted() {
		Logger logger = (Logger) LoggerFactory.getLogger(TaskLog.PREFIX + "recorded");
		Throwing appender = new Throwing();
		logger.addAppender(appender);
		logger.setLevel(Level.DEBUG);
		try {
			this.recorder.log().refresh();
			MeteredTask.of(this.ran::incrementAndGet, this.recorder, false).run();
		}
		finally {
			logger.setLevel(null);
			logger.detachAppender(appender);
		}
		assertThat(appender.events).hasValue(2);
		assertRan();
	}

	// the JDK's own look at such a thread throws
	@Test
	void whenAThreadSaysAnIdOfItsOwnThenTheTaskRunsAndIsCounted() throws InterruptedException {
		Thread thread = new Thread(MeteredTask.of(this.ran::incrementAndGet, this.recorder, false)) {
			@Override
			public long getId() {
				return -1;
			}
		};
		thread.start();
		thread.join();
		assertRan();
	}

	// one in sixteen threads had a single slot for two tasks, and a deadlock was not
	// proven
	@Test
	void whenATaskRunsInsideAnotherOneThenBothAreTold() throws InterruptedException {
		for (int i = 0; i < 64; i++) {
			TaskRecorder recorder = new TaskRecorder("nested", 1, TaskSettings.defaults());
			AtomicInteger told = new AtomicInteger();
			Runnable inner = MeteredTask.of(() -> told.set(recorder.runningTasks(System.nanoTime()).size()), recorder,
					false);
			Thread thread = new Thread(MeteredTask.of(inner::run, recorder, false));
			thread.start();
			thread.join();
			assertThat(told).as(thread.toString()).hasValue(2);
		}
	}

	// who keeps a future would keep the trace of its task
	@Test
	void whenAFutureIsOverThenItKeepsItsNameAndNoContext() {
		this.recorder.tracing(new Tracing(0));
		MeteredFutureTask<Integer> future = submitted();
		assertThat(future.label().context()).isEqualTo("context");
		future.run();
		assertThat(future.isDone()).isTrue();
		assertThat(future.label().context()).isNull();
		assertThat(future.label().name()).hasToString(TaskRecorderTests.class.getName());
		MeteredFutureTask<Integer> cancelled = submitted();
		cancelled.cancel(true);
		assertThat(cancelled.label().context()).isNull();
	}

	// short tasks that only compute were called waiting
	@Test
	void whenATaskIsSampledThenTheLookAndTheStartOfASpanAreNoTimeOfTheSample() {
		this.recorder.tracing(new Tracing(5_000_000));
		MeteredTask.of(this.ran::incrementAndGet, this.recorder, false).run();
		NamedTotals totals = this.recorder.byName().totals(this.recorder.byName().names().get(0), System.nanoTime());
		NamedTotals.Sample sample = Objects.requireNonNull(totals.sample());
		assertThat(sample.runNanos()).isPositive().isLessThanOrEqualTo(totals.runNanos() - 5_000_000);
	}

	// the next task in the slot was sampled from the start of the one that never ran
	@Test
	void whenATaskToBeSampledIsCancelledAtItsStartThenTheNextOneIsNotSampledForIt() {
		MeteredTask cancelled = MeteredTask.of(this.ran::incrementAndGet, this.recorder, false);
		TaskFrame frame = this.recorder.claim(cancelled.submittedAt(), cancelled.submitter(), null);
		this.recorder.start(frame, this.recorder.take(cancelled), cancelled.label(), cancelled.submittedAt());
		this.recorder.endCancelled(frame);
		assertThat(frame.endSample(System.nanoTime())).isEqualTo(ThreadCosts.UNAVAILABLE);
		MeteredTask.of(this.ran::incrementAndGet, this.recorder, false).run();
		NamedTotals totals = this.recorder.byName().totals(this.recorder.byName().names().get(0), System.nanoTime());
		assertThat(totals.started()).isEqualTo(2);
		assertThat(totals.completed()).isEqualTo(1);
		assertThat(Objects.requireNonNull(totals.sample()).tasks()).isEqualTo(1);
	}

	// a thread holds on to what it was made to run, from JDK 19 on after its end, too
	@Test
	void whenAThreadIsThereForOneTaskThenItIsLetGoWithIt() throws InterruptedException {
		List<WeakReference<Thread>> threads = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			threads.add(runOnNewThread(1));
		}
		awaitLetGo(threads, () -> {
		});
	}

	// a slot keeps a worker, since that is mostly the next owner
	@Test
	void whenWorkersHaveEndedThenTheyAreLetGoByWhoLooks() throws InterruptedException {
		List<WeakReference<Thread>> threads = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			threads.add(runOnNewThread(3));
		}
		awaitLetGo(threads, this.recorder::forgetEnded);
	}

	private WeakReference<Thread> runOnNewThread(int tasks) throws InterruptedException {
		Thread thread = new Thread(() -> {
			for (int i = 0; i < tasks; i++) {
				MeteredTask.of(this.ran::incrementAndGet, this.recorder, false).run();
			}
		});
		thread.start();
		thread.join();
		return new WeakReference<>(thread);
	}

	private static void awaitLetGo(List<WeakReference<Thread>> threads, Runnable look) {
		Awaitility.await().until(() -> {
			look.run();
			System.gc();
			return threads.stream().allMatch((thread) -> thread.get() == null);
		});
	}

	// it was counted as cancelled twice
	@Test
	void whenATaskWasGivenUpThenItsCancellationIsCountedAlready() {
		MeteredFutureTask<Integer> future = submitted();
		assertThat(this.recorder.lost(this.recorder.totals(0), System.nanoTime())).isTrue();
		future.cancel(false);
		assertThat(this.recorder.cancelled()).isEqualTo(1);
	}

	@Test
	void whenATaskWasGivenUpBeforeOthersThenItsCancellationIsCountedAlready() {
		MeteredFutureTask<Integer> future = submitted();
		assertThat(this.recorder.lost(this.recorder.totals(0), System.nanoTime())).isTrue();
		long until = System.nanoTime();
		submitted();
		assertThat(this.recorder.lost(this.recorder.totals(0), until)).isTrue();
		future.cancel(false);
		assertThat(this.recorder.cancelled()).isEqualTo(2);
	}

	@Test
	void whenATaskWasGivenUpThenItsRunIsOneMoreSubmission() {
		MeteredFutureTask<Integer> future = submitted();
		assertThat(this.recorder.lost(this.recorder.totals(0), System.nanoTime())).isTrue();
		future.run();
		submitted();
		TaskTotals totals = this.recorder.totals(0);
		assertThat(totals.submitted()).isEqualTo(3);
		assertThat(totals.completed()).isEqualTo(1);
		assertThat(totals.active()).isEqualTo(1);
	}

	@Test
	void whenATaskRunsThenNoneIsGivenUp() throws Exception {
		submitted();
		TaskTotals seen = this.recorder.totals(0);
		MeteredFutureTask<Boolean> running = new MeteredFutureTask<>(() -> this.recorder.lost(seen, System.nanoTime()),
				this.recorder);
		running.arm();
		running.run();
		assertThat(running.get()).isFalse();
		assertThat(this.recorder.cancelled()).isZero();
	}

	@Test
	void whenATaskHasRunSinceThenNoneIsGivenUp() {
		MeteredFutureTask<Integer> future = submitted();
		TaskTotals seen = this.recorder.totals(0);
		future.run();
		assertThat(this.recorder.lost(seen, System.nanoTime())).isFalse();
		assertThat(this.recorder.cancelled()).isZero();
		assertThat(this.recorder.totals(0).active()).isZero();
	}

	@Test
	void whenATaskHasBeenSubmittedSinceThenNoneIsGivenUp() {
		submitted();
		TaskTotals seen = this.recorder.totals(0);
		submitted();
		assertThat(this.recorder.lost(seen, System.nanoTime())).isFalse();
		assertThat(this.recorder.totals(0).active()).isEqualTo(2);
	}

	private MeteredFutureTask<Integer> submitted() {
		MeteredFutureTask<Integer> future = new MeteredFutureTask<>(() -> 1, this.recorder);
		future.arm();
		future.accepted();
		return future;
	}

	// a task that found no slot was counted, and could run for ever unseen
	@Test
	void whenMoreTasksRunThanThereAreSlotsThenTheLongestRunningIsKnown() throws InterruptedException {
		Map<Thread, CountDownLatch> running = new ConcurrentHashMap<>();
		for (int i = 0; i < 64; i++) {
			CountDownLatch end = new CountDownLatch(1);
			Thread thread = new Thread(MeteredTask.of(() -> Hold.until(end), this.recorder, false));
			running.put(thread, end);
			thread.start();
		}
		Awaitility.await().until(() -> this.recorder.totals(System.nanoTime()).started() == 64);
		long now = System.nanoTime();
		List<RunningTask> seen = this.recorder.runningTasks(now);
		assertThat(seen).isNotEmpty().hasSizeLessThanOrEqualTo(16);
		for (RunningTask task : seen) {
			running.get(task.thread()).countDown();
			task.thread().join();
		}
		long minutes = TimeUnit.MINUTES.toNanos(2);
		TaskTotals totals = this.recorder.totals(now + minutes);
		assertThat(totals.running()).isEqualTo(totals.seen()).isEqualTo(this.recorder.running());
		assertThat(totals.running()).isEqualTo(64 - seen.size()).isEqualTo((int) totals.active());
		assertThat(totals.oldestRunningNanos()).isGreaterThan(minutes - TimeUnit.SECONDS.toNanos(1));
		running.values().forEach(CountDownLatch::countDown);
		for (Thread thread : running.keySet()) {
			thread.join();
		}
		totals = this.recorder.totals(now + minutes);
		assertThat(totals.running()).isZero();
		assertThat(totals.oldestRunningNanos()).isZero();
		assertThat(totals.completed()).isEqualTo(64);
	}

	private void assertRan() {
		assertThat(this.ran).hasValue(1);
		assertThat(this.recorder.running()).isZero();
		assertThat(this.recorder.completed()).isEqualTo(1);
	}

	private record Tracing(long takes) implements TaskTracing {

		@Override
		public Object capture() {
			return "context";
		}

		@Override
		public @Nullable Scope enter(String executor, String task, @Nullable Object context, long waitNanos) {
			long start = System.nanoTime();
			while (System.nanoTime() - start < this.takes) {
				Thread.onSpinWait();
			}
			return null;
		}

	}

	private static final class Throwing extends AppenderBase<ILoggingEvent> {

		private final AtomicInteger events = new AtomicInteger();

		@Override
		public void doAppend(ILoggingEvent event) {
			this.events.incrementAndGet();
			throw new IllegalStateException("no room");
		}

		@Override
		protected void append(ILoggingEvent event) {
		}

	}

}
