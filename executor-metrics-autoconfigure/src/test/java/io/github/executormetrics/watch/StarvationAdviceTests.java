// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.PoolSettings;
import io.github.executormetrics.monitor.PoolSizes;
import io.github.executormetrics.workers.Bottleneck;
import io.github.executormetrics.workers.CpuShare;
import io.github.executormetrics.workers.Deadlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests of what is advised, over a window of 10 s.
 */
class StarvationAdviceTests {

	private static final CpuShare WAITING = new CpuShare(0.03, 0.4, 8);

	private static final PoolSettings POOL = new PoolSettings("corePoolSize", "maximumPoolSize", "queueCapacity");

	// four busy workers
	private static final Samples BEFORE = Samples.UNUSED.workers(4, 0, 0);

	private static Tick window(Samples after) {
		return new Tick(BEFORE.at(Duration.ofSeconds(10)), after.at(Duration.ofSeconds(20)), 7_000_000_000L,
				Long.MAX_VALUE / 2, 0, 61_000_000_000L, null);
	}

	private static Advice advise(StarvationCause cause, Samples after, CpuShare cpu) {
		return StarvationAdvice.of(cause, here(window(after), cpu));
	}

	/** Nothing but what was counted, at a pool of the JDK's. */
	private static Circumstances here(Tick window, CpuShare cpu) {
		return new Circumstances(window, Demand.of(List.of(window.before(), window.after()), 0, window, 5), null, false,
				null, false, cpu, ExecutorState.NONE, 20, POOL, TestLimits.DEFAULTS);
	}

	private static Circumstances dueAtOnce(int tasks) {
		Circumstances here = here(window(BEFORE.ran(50, 300, 180)), WAITING);
		return new Circumstances(here.window(), here.demand(), null, false, null, false, WAITING, tasks, 0,
				new PoolSettings("poolSize", null, null), TestLimits.DEFAULTS);
	}

	@Test
	void whenWorkersWaitThenLittlesLawSaysHowManyAreNeeded() {
		// 1,000 started and 200 more queued in 10 s, each for 65 ms: 120/s * 0.065 s =
		// 7.8
		Advice advice = advise(StarvationCause.DELAYED, BEFORE.ran(1_000, 300, 65).queued(200, 900), WAITING);
		assertThat(advice.text()).isEqualTo("120.0 tasks/s of 65.0 ms each keep 7.8 workers busy; the executor has 4"
				+ " workers. More workers can help, because the tasks compute for 3.0 % of their time. 10 workers are enough:"
				+ " corePoolSize=10, maximumPoolSize=10");
		assertThat(advice.settings()).containsOnly(entry("corePoolSize", 10), entry("maximumPoolSize", 10));
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
		Tick half = window(BEFORE.ran(8, 300, 2_000).workers(4, 0, 1_000));
		assertThat(Demand.of(List.of(half.before(), half.after()), 0, half, 5).seconds()).isEqualTo(2);
	}

	@Test
	void whenCoresAreTakenThenMoreWorkersCannotHelp() {
		Advice advice = advise(StarvationCause.DELAYED, BEFORE.ran(1_200, 300, 65), new CpuShare(0.25, 1.9, 2));
		assertThat(advice.text())
			.contains("the executor has 4 workers. More workers would not help: the process uses 1.9 of 2 cores. Make");
		assertThat(advice.figures()).doesNotContainKey("advisedWorkers");
	}

	@Test
	void whenWorkersComputeAllTheTimeThenCoresAreTheLimit() {
		Advice advice = advise(StarvationCause.BLOCKED, BEFORE.ran(1_200, 300, 65), new CpuShare(0.98, -1, 4));
		assertThat(advice.text()).contains(
				"More workers would not help: the tasks compute for 98.0 % of their time, and the cores (4) are the limit");
		assertThat(advice.figures()).doesNotContainKeys("advisedWorkers", "processCores");
	}

	@Test
	void whenWorkersComputeAndCoresAreFreeThenAsManyAsTheseCanUse() {
		// 15.6 workers needed, but eight cores feed 10 that compute 80 % of their time
		Advice advice = advise(StarvationCause.OVERLOADED, BEFORE.ran(2_400, 300, 65), new CpuShare(0.8, 3.2, 8));
		assertThat(advice.text()).contains(
				"10 workers are the most that the cores (8) can use, because the tasks compute for 80.0 % of their time");
		assertThat(advice.figures()).containsEntry("advisedWorkers", 10);
	}

	@Test
	void whenCpuTimeIsUnknownThenNothingIsSaidOfIt() {
		Advice advice = advise(StarvationCause.DELAYED, BEFORE.ran(1_200, 300, 65), null);
		assertThat(advice.text()).contains("the executor has 4 workers. 10 workers are enough: corePoolSize=10");
		assertThat(advice.figures()).doesNotContainKeys("cpuPercent", "processCores", "cores");
	}

	// why tasks wait nevertheless is not in the figures: priorities, for example
	@Test
	void whenWorkersSufficeAndNothingCameInABurstThenNoNumberIsTold() {
		Samples enough = BEFORE.ran(500, 300, 5);
		assertThat(advise(StarvationCause.DELAYED, enough, WAITING)).isNull();
		assertThat(advise(StarvationCause.BLOCKED, enough, WAITING)).isNull();
		assertThat(advise(StarvationCause.OVERLOADED, enough, WAITING).text()).contains(", active tasks: 4. ",
				"Bound the queue");
	}

	@Test
	void whenTasksAreRefusedThenTheyCountAsArrivals() {
		Advice advice = advise(StarvationCause.REJECTING, BEFORE.ran(400, 300, 65).aborted(800), WAITING);
		assertThat(advice.text())
			.startsWith("120.0 tasks/s of 65.0 ms each keep 7.8 workers busy; the executor has 4"
					+ " workers, rejected tasks: 800. More workers can help")
			.contains("10 workers are enough");
		Tick bounded = new Tick(BEFORE.at(Duration.ofSeconds(10)),
				capacity(BEFORE.ran(400, 300, 5).aborted(20).at(Duration.ofSeconds(20)), 50), 0, Long.MAX_VALUE / 2, 0,
				0, null);
		Advice suffices = StarvationAdvice.of(StarvationCause.REJECTING, here(bounded, WAITING));
		assertThat(suffices.text()).contains(", rejected tasks: 20. The workers are enough on average. A queue with"
				+ " a capacity of 75 takes such bursts: queueCapacity=75");
		assertThat(suffices.settings()).containsOnly(entry("queueCapacity", 75));
	}

	private static ExecutorSample capacity(ExecutorSample sample, int capacity) {
		return new ExecutorSample(sample.nanos(), sample.tasks(), sample.started(), sample.aborted(), sample.rejected(),
				0, 0, sample.tasks().submitted(), List.of(), sample.busy(), sample.idle(), sample.limit(),
				sample.queued(), capacity, sample.oldestNanos(), sample.roomBeforeWorker(), false, sample.sizes(),
				null);
	}

	@Test
	void whenTheQueueTellsWhoIsDueThenAsManyAsWereDueAtOnceAreAdvised() {
		Advice advice = StarvationAdvice.of(StarvationCause.DELAYED, dueAtOnce(7));
		assertThat(advice.text())
			.startsWith("Tasks that ran or were due at once: up to 7, of 180.0 ms each; the executor has 4 workers. ")
			.contains("7 workers are enough");
		assertThat(advice.text()).endsWith("poolSize=7");
		assertThat(advice.settings()).containsOnly(entry("poolSize", 7));
		assertThat(advice.figures()).containsEntry("advisedWorkers", 7);
	}

	// a job that overruns its rate on the one thread that there is: it never runs twice
	// at once
	@Test
	void whenAsManyWereDueAtOnceAsThereAreWorkersThenNoneIsAdvised() {
		assertThat(StarvationAdvice.of(StarvationCause.DELAYED, dueAtOnce(4))).isNull();
	}

	@Test
	void whenMoreAreDueAtOnceThanAnyPoolShouldHaveThenNoNumberIsTold() {
		Advice advice = StarvationAdvice.of(StarvationCause.DELAYED, dueAtOnce(5_000));
		assertThat(advice.text()).contains("let fewer arrive at once");
		assertThat(advice.settings()).isEmpty();
		assertThat(advice.figures()).doesNotContainKey("advisedWorkers");
	}

	@Test
	void whenTheCoreIsBelowTheMaximumThenTheCoreIsNamed() {
		assertThat(sized(BEFORE.ran(1_200, 300, 65), new PoolSizes(4, 4, 50)).settings())
			.containsOnly(entry("corePoolSize", 10));
		assertThat(sized(BEFORE.ran(1_200, 300, 65), new PoolSizes(4, 4, 8)).settings())
			.containsOnly(entry("corePoolSize", 10), entry("maximumPoolSize", 10));
	}

	private static Advice sized(Samples after, PoolSizes sizes) {
		Tick window = window(after);
		ExecutorSample sample = window.after();
		ExecutorSample sized = new ExecutorSample(sample.nanos(), sample.tasks(), sample.started(), 0, 0, 0, 0,
				sample.tasks().submitted(), List.of(), sample.busy(), sample.idle(), sample.limit(), sample.queued(),
				sample.capacity(), sample.oldestNanos(), sample.roomBeforeWorker(), false, sizes, null);
		return StarvationAdvice.of(StarvationCause.DELAYED,
				here(new Tick(window.before(), sized, 0, Long.MAX_VALUE / 2, 0, 0, null), WAITING));
	}

	@Test
	void whenItBecameSlowThenThatIsSaidAndNoNumber() {
		Change slower = new Change(Change.Kind.SLOWER, "Mail.send takes 1.0 s since 21:03:58Z, 5.0 ms before",
				Map.of("meanRunMillisBefore", 5.0));
		Advice advice = StarvationAdvice.of(StarvationCause.BLOCKED, changed(slower, null, false, WAITING));
		assertThat(advice.text()).isEqualTo("Mail.send takes 1.0 s since 21:03:58Z, 5.0 ms before. Check first what"
				+ " this task waits for, and put a time-out on that: more workers would only wait too");
		assertThat(advice.settings()).isEmpty();
		assertThat(advice.figures()).containsEntry("meanRunMillisBefore", 5.0).doesNotContainKey("advisedWorkers");
		assertThat(StarvationAdvice.of(StarvationCause.BLOCKED, changed(slower, null, false, new CpuShare(0.9, 2, 8)))
			.text()).contains("Check first what this task computes");
	}

	@Test
	void whenItComesMoreOftenThenThatIsSaidAndHowManyWouldDo() {
		Change more = new Change(Change.Kind.MORE, "Mail.send arrives 120.0 times/s since 21:03:58Z, 10.0 before",
				Map.of());
		Advice advice = StarvationAdvice.of(StarvationCause.DELAYED, changed(more, null, false, WAITING));
		assertThat(advice.text()).startsWith(
				"Mail.send arrives 120.0 times/s since 21:03:58Z, 10.0 before. 120.0 tasks/s of 65.0 ms each keep");
		assertThat(advice.settings()).containsEntry("corePoolSize", 10);
	}

	@ParameterizedTest
	@CsvSource({ "POOLED, such as a connection", "LOCK, which code holds it", "PERMIT, a semaphore" })
	void whenWorkersWaitInARowThenMoreOfThemAreNotAdvised(Bottleneck.Kind kind, String words) {
		Advice advice = StarvationAdvice.of(StarvationCause.BLOCKED,
				changed(null, new Bottleneck(kind, 3, 4), false, WAITING));
		assertThat(advice.text()).startsWith("3 of 4 workers wait for ").contains(words, "only wait there too");
		assertThat(advice.settings()).isEmpty();
	}

	// what fails is sent again: a poison message
	@Test
	void whenMostFailThenNothingIsAdvised() {
		assertThat(StarvationAdvice.of(StarvationCause.DELAYED, changed(null, null, true, WAITING))).isNull();
	}

	private static Circumstances changed(Change change, Bottleneck bottleneck, boolean fails, CpuShare cpu) {
		Circumstances here = here(window(BEFORE.ran(1_200, 300, 65)), cpu);
		return new Circumstances(here.window(), here.demand(), change, fails, bottleneck, false, cpu,
				ExecutorState.NONE, 20, POOL, TestLimits.DEFAULTS);
	}

	@Test
	void whenManyCameAtOnceThenItIsABurstWithTheTimeItTakes() {
		Demand burst = new Demand(5, 1, 5_000, 2, 0, false);
		Advice advice = StarvationAdvice.of(StarvationCause.DELAYED,
				new Circumstances(window(BEFORE.ran(20, 300, 1_000).queued(4_980, 5_000)), burst, null, false, null,
						false, WAITING, ExecutorState.NONE, 20, POOL, TestLimits.DEFAULTS));
		assertThat(advice.text()).startsWith("A burst: 5,000 tasks of 1.0 s each arrived within 2.0 s. With 4 workers,"
				+ " the queued tasks (4,980) take 1,245.0 s. If that is too slow, spread the tasks");
		assertThat(advice.settings()).isEmpty();
		assertThat(advice.figures()).containsEntry("burstTasks", 5_000L)
			.containsEntry("drainMillis", 1_245_000.0)
			.doesNotContainKey("advisedWorkers");
	}

	@Test
	void whenThereIsNoLimitThenNoNumberOfWorkersIsAdvised() {
		Tick window = new Tick(Samples.UNUSED.at(Duration.ZERO),
				Samples.UNUSED.ran(1_200, 300, 65).at(Duration.ofSeconds(10)), 0, Long.MAX_VALUE / 2, 0, 0, null);
		assertThat(StarvationAdvice.of(StarvationCause.DELAYED, here(window, WAITING))).isNull();
		assertThat(StarvationAdvice.of(StarvationCause.DELAYED, here(window, new CpuShare(0.25, 1.9, 2))).text())
			.startsWith("More threads would not help: the process uses 1.9 of 2 cores");
	}

	@Test
	void whenTheSubmitterRunsWhatIsRefusedThenItArrivesOnce() {
		Samples after = BEFORE.ran(1_000, 300, 65);
		Tick all = window(after.aborted(200));
		Tick ran = new Tick(all.before(), ranByCaller(all.after(), 200), 0, Long.MAX_VALUE / 2, 0, 0, null);
		assertThat(all.arrivals()).isEqualTo(1_200);
		assertThat(ran.arrivals()).isEqualTo(1_000);
	}

	private static ExecutorSample ranByCaller(ExecutorSample sample, long tasks) {
		return new ExecutorSample(sample.nanos(), sample.tasks(), sample.started(), 0, sample.rejected(), tasks,
				sample.dropped(), sample.handedOver(), sample.ended(), sample.busy(), sample.idle(), sample.limit(),
				sample.queued(), sample.capacity(), sample.oldestNanos(), sample.roomBeforeWorker(),
				sample.queuedBeforeSubmission(), sample.sizes(), sample.forkJoin());
	}

	@Test
	void whenTooFewTasksWereSeenThenNothingIsAdvised() {
		for (StarvationCause cause : List.of(StarvationCause.DELAYED, StarvationCause.BLOCKED,
				StarvationCause.OVERLOADED, StarvationCause.REJECTING)) {
			assertThat(advise(cause, BEFORE.ran(4, 300, 65).queued(100, 900), WAITING)).as(cause.name()).isNull();
			assertThat(advise(cause, BEFORE.ran(5, 300, 65_000), WAITING)).as(cause.name()).isNotNull();
		}
	}

	// paused in beforeExecute, or by a queue that gives nothing
	@Test
	void whenTheWorkersRunNoTaskThenNoTimeOutIsAdvised() {
		Samples paused = new Samples(23, 0, 0, 0, 0, 0, 0, 0, 4, 0, 23, 7_000);
		assertThat(advise(StarvationCause.STALLED, paused, WAITING)).isNull();
	}

	@Test
	void whenTheWorkersAreHeldBeforeTheyRunATaskThenNothingIsAdvised() {
		Bottleneck pause = new Bottleneck(Bottleneck.Kind.PAUSE, 4, 4);
		for (StarvationCause cause : List.of(StarvationCause.STALLED, StarvationCause.DELAYED,
				StarvationCause.REJECTING)) {
			assertThat(StarvationAdvice.of(cause, changed(null, pause, false, WAITING))).as(cause.name()).isNull();
		}
	}

	@Test
	void whenNeitherTasksNorStacksAreSeenThenNothingIsAdvisedOfAStall() {
		Circumstances seen = here(window(new Samples(0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 23, 7_000)), WAITING);
		Circumstances unseen = new Circumstances(seen.window(), null, null, false, null, true, null, ExecutorState.NONE,
				0, POOL, TestLimits.DEFAULTS);
		assertThat(StarvationAdvice.of(StarvationCause.STALLED, seen)).isNotNull();
		assertThat(StarvationAdvice.of(StarvationCause.STALLED, unseen)).isNull();
	}

	@Test
	void whenNothingStartsThenTheWorkersAreTheFigures() {
		Advice advice = advise(StarvationCause.STALLED, BEFORE.queued(23, 7_000), WAITING);
		assertThat(advice.text())
			.startsWith("Put a time-out on what the tasks wait for: every worker (4) is held, for up"
					+ " to 0.0 ms, while tasks are queued (23)");
		assertThat(advice.figures()).containsEntry("workers", 4L)
			.containsEntry("queuedTasks", 23L)
			.containsKey("oldestRunningMillis");
	}

	@Test
	void whenWhatHoldsTheWorkersIsNotSeenThenItsAgeIsNotTold() {
		Samples unseen = new Samples(0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 23, 7_000);
		Advice advice = advise(StarvationCause.STALLED, unseen, WAITING);
		assertThat(advice.text()).contains(") is held, while tasks are queued (23)");
		assertThat(advice.figures()).doesNotContainKey("oldestRunningMillis");
	}

	// no time-out ends a loop
	@Test
	void whenWhatHoldsTheWorkersComputesThenNoTimeOutIsAdvised() {
		Advice advice = advise(StarvationCause.STALLED, BEFORE.queued(23, 7_000), new CpuShare(0.98, 1, 4));
		assertThat(advice.text())
			.startsWith(
					"Limit what the tasks compute (they compute for 98.0 % of their time): every worker (4) is held")
			.doesNotContain("time-out");
		assertThat(advice.figures()).containsEntry("cpuPercent", 98.0);
	}

	@Test
	void whenDeadlockedThenTheWorkersOfTheRingAreTheFigures() {
		Tick window = window(BEFORE.queued(3, 7_000)).with(new Deadlock(true, List.of("a", "b", "a"), 6, 0, 10));
		Advice advice = StarvationAdvice.of(StarvationCause.DEADLOCKED, here(window, null));
		assertThat(advice.text()).contains("Workers that wait for tasks that only they could run: 6. Queued tasks: 3");
		assertThat(advice.figures()).containsEntry("waitingWorkers", 6L).containsEntry("queuedTasks", 3L);
	}

	@Test
	void whenStuckThenItsAgeAndTheLimitAreTheFigures() {
		Advice advice = advise(StarvationCause.STUCK, BEFORE, WAITING);
		assertThat(advice.figures()).containsOnlyKeys("oldestRunningMillis", "limitMillis")
			.containsEntry("oldestRunningMillis", 61_000.0)
			.containsEntry("limitMillis", 60_000.0);
		assertThat(advice.text()).contains("limits.stuck (60.0 s)");
	}

}
