// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.Due;
import io.github.executormetrics.task.MeteredRun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of the watch on a clock that the test moves: ticks of 1 s, a window of 10 s, a
 * grace of 10 s.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExecutorWatchTests {

	private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

	private final long start = System.nanoTime();

	private long nanos = this.start;

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final Told orders = new Told();

	private final ExecutorWatch watch = watch(Map.of());

	private ExecutorWatch watch(Map<String, ExecutorLimits> overrides) {
		ExecutorWatch watch = new ExecutorWatch(this.registry,
				new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(10), 3, 5,
						Duration.ofMinutes(1), TestLimits.DEFAULTS, overrides),
				() -> this.nanos, () -> EPOCH.plusNanos(this.nanos - this.start), new CallersThread());
		watch.begin();
		return watch;
	}

	private MonitoredExecutor register(String name, ExecutorState state) {
		MonitoredExecutor executor = this.registry.obtain(name, Object.class, 2, ExecutorOrigin.BEAN);
		executor.cover(Coverage.STATE, "told by the test");
		executor.add(state);
		this.registry.add(executor);
		return executor;
	}

	private void ticks(int ticks) {
		for (int i = 0; i < ticks; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(1);
			this.watch.tick();
		}
	}

	private List<StarvationCause> causes(String name) {
		return this.watch.report(this.registry.find(name)).causes().stream().map(RaisedCause::cause).toList();
	}

	@Test
	void whenQueueIsOldThenDelayedIsRaisedAfterThreeTicksAndClearedAfterFive() {
		MonitoredExecutor executor = register("orders", this.orders);
		ticks(20);
		this.orders.queued(5, 900);
		ticks(2);
		assertThat(causes("orders")).isEmpty();
		ticks(1);
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
		assertThat(this.watch.report(executor).verdict()).isEqualTo("DELAYED");
		assertThat(this.watch.report(executor).causes().get(0).since()).isEqualTo(EPOCH.plusSeconds(21));
		assertThat(executor.isStarved()).isTrue();
		this.orders.queued(0, 0);
		ticks(4);
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
		ticks(1);
		assertThat(causes("orders")).isEmpty();
		assertThat(this.watch.report(executor).verdict()).isEqualTo("HEALTHY");
		assertThat(executor.isStarved()).isFalse();
		assertThat(executor.incidentCount(StarvationCause.DELAYED)).isOne();
	}

	@Test
	void whenTheQueueTellsNoAgeThenItFollowsFromWhatHasStarted() {
		MonitoredExecutor executor = register("orders", this.orders.workers(2, 0));
		ticks(20);
		// 10 a second, always 10 in the queue: none is older than the look before
		for (int i = 1; i <= 10; i++) {
			this.orders.started(10 * i, 10);
			ticks(1);
			assertThat(this.watch.report(executor).causes()).as("look " + i).isEmpty();
		}
		// 30 are there at once, 3 start each second
		for (int i = 1; i <= 10; i++) {
			this.orders.started(100 + 3 * i, 40 - 3 * i);
			ticks(1);
		}
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
		assertThat(this.watch.report(executor).causes().get(0).evidence()).containsEntry("oldestQueuedMillis", 9_000.0);
		assertThat(executor.oldestQueuedAtLeast()).isEqualTo(TimeUnit.SECONDS.toNanos(9));
		this.orders.started(140, 0);
		ticks(5);
		assertThat(causes("orders")).isEmpty();
	}

	@Test
	void whenInGraceThenNothingIsJudged() {
		register("orders", this.orders.queued(5, 900));
		ticks(9);
		assertThat(causes("orders")).isEmpty();
		// the first judged tick is that at 10 s
		ticks(2);
		assertThat(causes("orders")).isEmpty();
		ticks(1);
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
	}

	@Test
	void whenProcessWasPausedThenNothingIsRaised() {
		register("orders", this.orders.workers(2, 0));
		ticks(20);
		for (int i = 0; i < 10; i++) {
			// stopped for 8 s with a task in the queue that starts a little after
			this.nanos += TimeUnit.SECONDS.toNanos(8);
			this.orders.queued(1, 8_000);
			this.watch.tick();
			this.orders.queued(1, 8_100);
			this.nanos += TimeUnit.MILLISECONDS.toNanos(90);
			this.watch.tick();
			this.orders.queued(0, 0);
		}
		assertThat(causes("orders")).isEmpty();
	}

	@Test
	void whenProcessWasPausedThenTheTickAfterItIsNotJudgedEither() {
		MonitoredExecutor executor = this.registry.obtain("orders", Object.class, 2, ExecutorOrigin.BEAN);
		this.registry.add(executor);
		ticks(20);
		for (int i = 0; i < 5; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(8);
			this.watch.tick();
			// the backlog of the pause
			runLate(executor, 8_000, 10);
			ticks(1);
		}
		assertThat(causes("orders")).isEmpty();
		for (int i = 0; i < 3; i++) {
			runLate(executor, 8_000, 10);
			ticks(1);
		}
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
	}

	@Test
	void whenTicksAreOnTimeThenTheSameStoryIsRaised() {
		register("orders", this.orders.workers(2, 0));
		ticks(20);
		this.orders.queued(1, 8_000);
		ticks(3);
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
	}

	@Test
	void whenPauseLiesBetweenBadTicksThenTheyAreNotInARow() {
		register("orders", this.orders.queued(5, 900));
		// the first judged tick is that at 10 s
		ticks(11);
		this.nanos += TimeUnit.SECONDS.toNanos(8);
		this.watch.tick();
		ticks(3);
		assertThat(causes("orders")).isEmpty();
		ticks(1);
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
	}

	@Test
	void utilizationIsBusyWorkerTimeOverWorkerTime() throws Exception {
		register("told", new Told().workers(1, 1));
		CountDownLatch released = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(1);
		ThreadPoolExecutor pool = new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		try {
			ThreadPoolExecutor reports = (ThreadPoolExecutor) this.decorator.decorate(pool, "reports",
					ThreadPoolExecutor.class);
			reports.submit(() -> {
				started.countDown();
				released.await();
				return null;
			});
			started.await();
			ticks(12);
			assertThat(this.watch.report(this.registry.find("reports")).window().utilization()).isCloseTo(0.25,
					within(0.01));
			assertThat(this.watch.report(this.registry.find("told")).window().utilization()).isEqualTo(0.5);
			assertThat(this.registry.find("told").utilization()).isEqualTo(0.5);
		}
		finally {
			released.countDown();
			pool.shutdown();
		}
	}

	@Test
	void whenApplicationClosesThenNothingIsJudged() {
		register("orders", this.orders);
		ticks(20);
		this.orders.queued(5, 900);
		this.watch.stopJudging();
		ticks(10);
		assertThat(causes("orders")).isEmpty();
	}

	@Test
	void whenLimitIsOverriddenThenOnlyThatExecutorDiffers() {
		register("orders", this.orders.queued(5, 900));
		register("reports", new Told().queued(5, 900));
		ExecutorLimits defaults = TestLimits.DEFAULTS;
		ExecutorWatch watch = watch(Map.of("reports",
				new ExecutorLimits(Duration.ofSeconds(1), defaults.meanRun(), defaults.active(), defaults.rejected(),
						defaults.stall(), defaults.stuck(), defaults.samples(), defaults.droppedShare())));
		for (int i = 0; i < 20; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(1);
			watch.tick();
		}
		assertThat(watch.report(this.registry.find("orders")).verdict()).isEqualTo("DELAYED");
		assertThat(watch.report(this.registry.find("reports")).verdict()).isEqualTo("HEALTHY");
	}

	@Test
	void whenPoolStartsNothingAtAllThenItIsStalled() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		ThreadPoolExecutor pool = new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		try {
			ThreadPoolExecutor reports = (ThreadPoolExecutor) this.decorator.decorate(pool, "reports",
					ThreadPoolExecutor.class);
			CountDownLatch held = new CountDownLatch(2);
			for (int i = 0; i < 2; i++) {
				reports.submit(() -> {
					held.countDown();
					released.await();
					return null;
				});
			}
			held.await();
			ticks(20);
			assertThat(causes("reports")).isEmpty();
			reports.submit(() -> {
			});
			// the first bad one is that at which nothing has started for 5 s
			ticks(7);
			assertThat(causes("reports")).doesNotContain(StarvationCause.STALLED);
			ticks(1);
			assertThat(causes("reports")).containsExactly(StarvationCause.STALLED, StarvationCause.BLOCKED,
					StarvationCause.DELAYED);
			RaisedCause stalled = this.watch.report(this.registry.find("reports")).causes().get(0);
			assertThat(stalled.evidence()).containsEntry("sinceLastStartMillis", 7_000.0)
				.containsEntry("limitMillis", 5_000L)
				.containsEntry("queuedTasks", 1)
				.containsEntry("busyWorkers", 2)
				.containsEntry("ticks", 10);
		}
		finally {
			released.countDown();
			pool.shutdown();
		}
	}

	@Test
	void whenScheduledTasksAreNotDueOrCancelledThenNothingIsRaised() {
		ThreadPoolTaskScheduler target = new ThreadPoolTaskScheduler();
		target.initialize();
		try {
			ThreadPoolTaskScheduler scheduler = (ThreadPoolTaskScheduler) this.decorator.decorate(target, "jobs",
					ThreadPoolTaskScheduler.class);
			List<ScheduledFuture<?>> soon = new ArrayList<>();
			for (int i = 0; i < 1_000; i++) {
				scheduler.schedule(() -> {
				}, Instant.now().plus(Duration.ofDays(1)));
				soon.add(scheduler.schedule(() -> {
				}, Instant.now().plus(Duration.ofHours(1))));
			}
			soon.forEach((future) -> future.cancel(false));
			ticks(40);
			assertThat(causes("jobs")).isEmpty();
			MonitoredExecutor jobs = this.registry.find("jobs");
			assertThat(jobs.recorder().totals(this.nanos).active()).isZero();
			assertThat(jobs.recorder().cancelled()).isZero();
			assertThat(jobs.queueDepth()).isZero();
		}
		finally {
			target.shutdown();
		}
	}

	@Test
	void whenLoadStopsThenMeansAndMaximaFall() {
		MonitoredExecutor executor = this.registry.obtain("orders", Object.class, 2, ExecutorOrigin.BEAN);
		this.registry.add(executor);
		ticks(1);
		runLate(executor, 400, 3);
		ticks(1);
		runLate(executor, 100, 1);
		ticks(1);
		WindowSnapshot window = this.watch.report(executor).window();
		assertThat(window.started()).isEqualTo(4);
		assertThat(window.meanWaitNanos() / 1_000_000).isBetween(325L, 400L);
		assertThat(window.maxWaitNanos() / 1_000_000).isBetween(400L, 500L);
		assertThat(window.completed()).isEqualTo(4);
		assertThat(window.maxRunNanos()).isPositive();
		// the tick with the three is the first to leave the window
		ticks(9);
		window = this.watch.report(executor).window();
		assertThat(window.started()).isOne();
		assertThat(window.maxWaitNanos() / 1_000_000).isBetween(100L, 300L);
		ticks(1);
		window = this.watch.report(executor).window();
		assertThat(window.seconds()).isEqualTo(10);
		assertThat(window.started()).isZero();
		assertThat(window.meanWaitNanos()).isZero();
		assertThat(window.maxWaitNanos()).isZero();
		assertThat(window.completed()).isZero();
		assertThat(window.meanRunNanos()).isZero();
		assertThat(window.maxRunNanos()).isZero();
		assertThat(window.utilization()).isZero();
	}

	private static void runLate(MonitoredExecutor executor, long lateMillis, int tasks) {
		for (int i = 0; i < tasks; i++) {
			long due = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(lateMillis);
			MeteredRun.of(() -> {
			}, executor.recorder(), Due.once(due)).run();
		}
	}

	@Test
	void whenReadingAnExecutorThrowsThenOthersAreJudgedAndTheFaultIsLoggedOnce(CapturedOutput output) {
		register("broken", new Told() {
			@Override
			public int busy() {
				throw new IllegalStateException("closed for today");
			}
		});
		register("orders", this.orders.queued(5, 900));
		ticks(20);
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(output.toString().split("Reading executor 'broken' failed", -1)).hasSize(2));
	}

	@Test
	void whenLatenessRecorderThrowsThenWatchGoesOn(CapturedOutput output) {
		register("orders", this.orders.queued(5, 900));
		this.watch.onLateness((nanos) -> {
			throw new IllegalStateException("registry is closed");
		});
		ticks(20);
		assertThat(causes("orders")).containsExactly(StarvationCause.DELAYED);
		assertThat(output.toString().split("own lateness", -1)).hasSize(2);
		assertThat(this.watch.ticks()).isEqualTo(20);
	}

	// a late tick was followed at once by one that was judged over microseconds
	@Test
	void nextLookWhenThisOneWasLateThenIsAWholeIntervalLater() {
		long second = TimeUnit.SECONDS.toNanos(1);
		long late = this.start + 8 * second + second / 2;
		assertThat(WatchThread.nextTick(late, late + 1_000, second)).isEqualTo(late + second);
	}

	@Test
	void nextLookWhenThisOneTookLongerThanTheIntervalThenThreadRestsInBetween() {
		long second = TimeUnit.SECONDS.toNanos(1);
		long ended = this.start + 3 * second;
		assertThat(WatchThread.nextTick(this.start, ended, second)).isEqualTo(ended + second);
		// also where the clock passes its largest value
		assertThat(WatchThread.nextTick(Long.MAX_VALUE - 2 * second, Long.MAX_VALUE + 1, second))
			.isEqualTo(Long.MAX_VALUE + 1 + second);
	}

	@Test
	void depthIsSampledAtEachLookFromTheFirstOn() {
		List<Integer> depths = new ArrayList<>();
		register("orders", this.orders.queued(3, 10)).depthRecorder(depths::add);
		ticks(1);
		this.orders.queued(5, 10);
		ticks(2);
		assertThat(depths).containsExactly(3, 5, 5);
	}

	@Test
	void latenessIsToldForEachTick() {
		List<Long> late = new ArrayList<>();
		this.watch.onLateness(late::add);
		ticks(2);
		this.nanos += TimeUnit.MILLISECONDS.toNanos(300);
		ticks(1);
		assertThat(late).containsExactly(0L, 0L, TimeUnit.MILLISECONDS.toNanos(300));
	}

	@Test
	void watchReadsOnDaemonThreadsOfItsOwnUntilStopped() {
		ExecutorWatch watch = new ExecutorWatch(this.registry, new WatchSettings(Duration.ofMillis(10),
				Duration.ofSeconds(1), Duration.ZERO, 3, 5, Duration.ofMinutes(1), TestLimits.DEFAULTS, Map.of()));
		List<Thread> threads = new ArrayList<>();
		CountDownLatch looked = new CountDownLatch(3);
		register("orders", new Told() {
			@Override
			public int busy() {
				threads.add(Thread.currentThread());
				looked.countDown();
				return 0;
			}
		});
		watch.start();
		try {
			assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(watch.isRunning()).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			watch.stop();
		}
		assertThat(watch.isRunning()).isFalse();
		Thread thread = threads.get(0);
		assertThat(threads).extracting(Thread::getName).containsOnly("executor-metrics-reader");
		assertThat(thread.isDaemon()).isTrue();
		Awaitility.await().until(() -> !thread.isAlive());
	}

}
