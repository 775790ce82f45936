package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.workers.CpuShare;
import io.github.executormetrics.workers.Deadlock;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is advised, over a window of 10 s.
 */
class StarvationAdviceTests {

	private static final CpuShare WAITING = new CpuShare(0.03, 0.4, 8);

	// four busy workers
	private static final Samples BEFORE = Samples.UNUSED.workers(4, 0, 0);

	private static Look window(Samples after) {
		return new Look(BEFORE.at(Duration.ofSeconds(10)), after.at(Duration.ofSeconds(20)), 7_000_000_000L,
				Long.MAX_VALUE / 2, 0, 61_000_000_000L, null);
	}

	private static Advice advise(StarvationCause cause, Samples after, CpuShare cpu) {
		return StarvationAdvice.of(cause, window(after), window(after), TestLimits.DEFAULTS, ExecutorState.NONE, cpu);
	}

	@Test
	void whenWorkersWaitThenLittlesLawSaysHowManyAreNeeded() {
		// 1,000 started and 200 more queued in 10 s, each for 65 ms: 120/s * 0.065 s =
		// 7.8
		Advice advice = advise(StarvationCause.DELAYED, BEFORE.ran(1_000, 300, 65).queued(200, 900), WAITING);
		assertThat(advice.text()).isEqualTo("120.0 tasks/s of 65.0 ms each keep 7.8 workers busy, it has 4: 10 workers"
				+ " would do, and more can help, since these compute 3.0 % of their time");
		assertThat(advice.figures()).containsEntry("arrivalsPerSecond", 120.0)
			.containsEntry("meanRunMillis", 65.0)
			.containsEntry("neededWorkers", 7.8)
			.containsEntry("advisedWorkers", 10)
			.containsEntry("workers", 4)
			.containsEntry("cpuPercent", 3.0)
			.containsEntry("processCores", 0.4)
			.containsEntry("cores", 8);
	}

	@Test
	void whenTasksStillRunThenTheirTimeCounts() {
		// ten ended after 65 ms, and four have run for 10 s: 40.65 s of work for ten
		Advice advice = advise(StarvationCause.BLOCKED, BEFORE.ran(10, 300, 65).workers(4, 0, 10_000), WAITING);
		assertThat(advice.figures()).containsEntry("meanRunMillis", 4065.0);
		assertThat(advice.text()).contains("1.0 tasks/s of 4.1 s each");
	}

	@Test
	void whenWhatRunsIsNoOlderThanWhatEndedThenTheMeanRunCounts() {
		// of four workers that are half through, whose time makes no task longer
		Advice advice = advise(StarvationCause.BLOCKED, BEFORE.ran(8, 300, 2_000).workers(4, 0, 1_000), WAITING);
		assertThat(advice.figures()).containsEntry("meanRunMillis", 2000.0);
	}

	// a window that still holds what was quick hides that it is slow now
	@Test
	void whenTasksHaveJustBecomeSlowThenTheCurrentRunTimeCounts() {
		Samples after = BEFORE.ran(100, 300, 5).ran(9, 300, 2_000);
		Look recent = new Look(BEFORE.ran(100, 300, 5).at(Duration.ofSeconds(17)), after.at(Duration.ofSeconds(20)), 0,
				Long.MAX_VALUE / 2, 0, 0, null);
		Advice advice = StarvationAdvice.of(StarvationCause.BLOCKED, window(after), recent, TestLimits.DEFAULTS,
				ExecutorState.NONE, WAITING);
		assertThat(advice.text()).startsWith("10.9 tasks/s of 2.0 s each keep 21.8 workers busy, it has 4: 28 workers");
	}

	@Test
	void whenCoresAreTakenThenMoreWorkersCannotHelp() {
		Advice advice = advise(StarvationCause.DELAYED, BEFORE.ran(1_200, 300, 65), new CpuShare(0.25, 1.9, 2));
		assertThat(advice.text()).contains("it has 4: more cannot help, since the process uses 1.9 of 2 cores");
		assertThat(advice.figures()).doesNotContainKey("advisedWorkers");
	}

	@Test
	void whenWorkersComputeAllTheTimeThenCoresAreTheLimit() {
		Advice advice = advise(StarvationCause.BLOCKED, BEFORE.ran(1_200, 300, 65), new CpuShare(0.98, -1, 4));
		assertThat(advice.text())
			.contains("more cannot help, since these compute 98.0 % of their time and 4 cores are the limit");
		assertThat(advice.figures()).doesNotContainKeys("advisedWorkers", "processCores");
	}

	@Test
	void whenWorkersComputeAndCoresAreFreeThenAsManyAsTheseCanUse() {
		// 15.6 workers needed, but eight cores feed 10 that compute 80 % of their time
		Advice advice = advise(StarvationCause.OVERLOADED, BEFORE.ran(2_400, 300, 65), new CpuShare(0.8, 3.2, 8));
		assertThat(advice.text())
			.contains("10 workers are what 8 cores can use, since these compute 80.0 % of their time");
		assertThat(advice.figures()).containsEntry("advisedWorkers", 10);
	}

	@Test
	void whenCpuTimeIsUnknownThenNothingIsSaidOfIt() {
		Advice advice = advise(StarvationCause.DELAYED, BEFORE.ran(1_200, 300, 65), null);
		assertThat(advice.text()).endsWith("it has 4: 10 workers would do");
		assertThat(advice.figures()).doesNotContainKeys("cpuPercent", "processCores", "cores");
	}

	@Test
	void whenWorkersSufficeOnAverageThenItIsABurst() {
		Samples burst = BEFORE.ran(500, 300, 5);
		assertThat(advise(StarvationCause.DELAYED, burst, WAITING).text())
			.isEqualTo("50.0 tasks/s of 5.0 ms each keep 0.3 workers busy, it has 4: they suffice on average: spread"
					+ " such bursts, or allow this executor a longer limits.mean-wait");
		assertThat(advise(StarvationCause.OVERLOADED, burst, WAITING).text()).contains("and 4 are active",
				"bound the queue");
		assertThat(advise(StarvationCause.BLOCKED, burst, WAITING).text()).contains("time-out");
	}

	@Test
	void whenTasksAreRefusedThenTheyCountAsArrivals() {
		Advice advice = advise(StarvationCause.REJECTING, BEFORE.ran(400, 300, 65).aborted(800), WAITING);
		assertThat(advice.text()).startsWith("120.0 tasks/s of 65.0 ms each keep 7.8 workers busy, it has 4, and 800"
				+ " were refused: 10 workers would do");
		assertThat(advise(StarvationCause.REJECTING, BEFORE.ran(400, 300, 5).aborted(20), WAITING).text())
			.contains("and 20 were refused: they suffice on average: a queue with room for that many more");
	}

	@Test
	void whenTheQueueTellsWhoIsDueThenAsManyAsWereDueAtOnceAreAdvised() {
		Advice advice = StarvationAdvice.of(StarvationCause.DELAYED, window(BEFORE.ran(50, 300, 180)),
				window(BEFORE.ran(50, 300, 180)), TestLimits.DEFAULTS, 7, WAITING);
		assertThat(advice.text())
			.startsWith("Up to 7 tasks ran or were due at once, of 180.0 ms each, it has 4: 7 workers would do");
		assertThat(advice.figures()).containsEntry("advisedWorkers", 7).containsEntry("neededWorkers", 7.0);
	}

	// a job that overruns its rate on the one thread that there is: it never runs twice
	// at
	// once
	@Test
	void whenAsManyWereDueAtOnceAsThereAreWorkersThenTheySuffice() {
		Advice advice = StarvationAdvice.of(StarvationCause.DELAYED, window(BEFORE.ran(50, 300, 180)),
				window(BEFORE.ran(50, 300, 180)), TestLimits.DEFAULTS, 4, WAITING);
		assertThat(advice.text()).contains("it has 4: they suffice");
		assertThat(advice.figures()).doesNotContainKey("advisedWorkers");
	}

	@Test
	void whenTheSubmitterRunsWhatIsRefusedThenItArrivesOnce() {
		Samples after = BEFORE.ran(1_000, 300, 65);
		Look all = window(after.aborted(200));
		Look ran = new Look(all.before(), ranByCaller(all.after(), 200), 0, Long.MAX_VALUE / 2, 0, 0, null);
		assertThat(all.arrivals()).isEqualTo(1_200);
		assertThat(ran.arrivals()).isEqualTo(1_000);
	}

	private static ExecutorSample ranByCaller(ExecutorSample sample, long tasks) {
		return new ExecutorSample(sample.nanos(), sample.tasks(), sample.started(), 0, sample.rejected(), tasks,
				sample.busy(), sample.idle(), sample.limit(), sample.queued(), sample.capacity(), sample.oldestNanos(),
				sample.roomBeforeWorker(), sample.queuedBeforeSubmission(), sample.sizes(), sample.forkJoin());
	}

	@Test
	void whenTooFewTasksWereSeenThenNothingIsAdvised() {
		for (StarvationCause cause : List.of(StarvationCause.DELAYED, StarvationCause.BLOCKED,
				StarvationCause.OVERLOADED, StarvationCause.REJECTING)) {
			assertThat(advise(cause, BEFORE.ran(4, 300, 65).queued(100, 900), WAITING)).as(cause.name()).isNull();
			assertThat(advise(cause, BEFORE.ran(5, 300, 65), WAITING)).as(cause.name()).isNotNull();
		}
	}

	@Test
	void whenNothingStartsThenTheWorkersAreTheFigures() {
		Advice advice = advise(StarvationCause.STALLED, BEFORE.queued(23, 7_000), WAITING);
		assertThat(advice.text())
			.startsWith("Put a time-out on what the tasks wait for: every worker (4) is held, for up"
					+ " to 0.0 ms, while 23 tasks are queued");
		assertThat(advice.figures()).containsEntry("workers", 4L)
			.containsEntry("queuedTasks", 23L)
			.containsKey("oldestRunningMillis");
	}

	@Test
	void whenWhatHoldsTheWorkersIsNotSeenThenItsAgeIsNotTold() {
		Advice advice = advise(StarvationCause.STALLED, BEFORE.workers(0, 0, 0).queued(23, 7_000), WAITING);
		assertThat(advice.text()).contains(") is held, while 23 tasks are queued");
		assertThat(advice.figures()).doesNotContainKey("oldestRunningMillis");
	}

	// no time-out ends a loop
	@Test
	void whenWhatHoldsTheWorkersComputesThenNoTimeOutIsAdvised() {
		Advice advice = advise(StarvationCause.STALLED, BEFORE.queued(23, 7_000), new CpuShare(0.98, 1, 4));
		assertThat(advice.text())
			.startsWith(
					"Bound what the tasks compute, which they do for 98.0 % of their time: every worker (4) is held")
			.doesNotContain("time-out");
		assertThat(advice.figures()).containsEntry("cpuPercent", 98.0);
	}

	@Test
	void whenDeadlockedThenTheWorkersOfTheRingAreTheFigures() {
		Look window = window(BEFORE.queued(3, 7_000)).with(new Deadlock(true, List.of("a", "b", "a"), 6, 0, 10));
		Advice advice = StarvationAdvice.of(StarvationCause.DEADLOCKED, window, window, TestLimits.DEFAULTS,
				ExecutorState.NONE, null);
		assertThat(advice.text())
			.contains("6 workers wait for tasks that only they could run, among 3 queued: run the inner");
		assertThat(advice.figures()).containsEntry("waitingWorkers", 6L).containsEntry("queuedTasks", 3L);
	}

	@Test
	void whenStuckThenItsAgeAndTheLimitAreTheFigures() {
		Advice advice = advise(StarvationCause.STUCK, BEFORE, WAITING);
		assertThat(advice.figures()).containsOnlyKeys("oldestRunningMillis", "limitMillis")
			.containsEntry("oldestRunningMillis", 61_000.0)
			.containsEntry("limitMillis", 60_000.0);
		assertThat(advice.text()).contains("limits.stuck of 60.0 s");
	}

}
