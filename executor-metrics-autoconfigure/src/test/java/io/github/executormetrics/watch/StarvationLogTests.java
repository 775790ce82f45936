// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.WorkerStack;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the log tells of starvation, and how often: at most once a minute at each
 * level.
 */
@ExtendWith(OutputCaptureExtension.class)
class StarvationLogTests {

	private static final Map<String, Number> EVIDENCE = Map.ofEntries(Map.entry("waitingWorkers", 2),
			Map.entry("queuedTasks", 23), Map.entry("busyWorkers", 2), Map.entry("sinceLastStartMillis", 7000.0),
			Map.entry("limitMillis", 5000L), Map.entry("rejectedTasks", 12L), Map.entry("tasks", 300L),
			Map.entry("limitTasksPerTick", 1), Map.entry("activeTasks", 1500L), Map.entry("limitTasks", 1000),
			Map.entry("meanRunMillis", 250.5), Map.entry("meanRunningMillis", 2000.0),
			Map.entry("meanWaitMillis", 350.5), Map.entry("oldestQueuedMillis", 900.0),
			Map.entry("oldestRunningMillis", 61200.0), Map.entry("idleWorkers", 3), Map.entry("droppedTasks", 40L),
			Map.entry("limitShare", 0.05), Map.entry("failedTasks", 19L), Map.entry("names", 2),
			Map.entry("endedTasks", 3));

	private static final ExecutorReport HEALTHY = report();

	private static final ExecutorReport DELAYED = report(StarvationCause.DELAYED);

	private static final ExecutorReport STALLED = report(StarvationCause.STALLED, StarvationCause.DELAYED);

	private final IncidentJournal journal = new IncidentJournal();

	private final StarvationLog log = new StarvationLog(Duration.ofMinutes(1), Runnable::run);

	private static ExecutorReport report(StarvationCause... causes) {
		List<RaisedCause> raised = Arrays.stream(causes)
			.map((cause) -> new RaisedCause(cause, Instant.EPOCH, null, EVIDENCE, "detail of " + cause.tag(), null,
					new Advice("Do something about " + cause.tag(), Map.of(), Map.of()), List.of()))
			.toList();
		return new ExecutorReport(WindowSnapshot.EMPTY, raised, Set.of(causes), TestLimits.DEFAULTS, null);
	}

	private void look(ExecutorReport report, long nanos) {
		this.log.look("orders", report, this.journal, nanos);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.toString().lines().toList();
	}

	@Test
	void eachCauseIsTold(CapturedOutput output) {
		for (StarvationCause cause : StarvationCause.values()) {
			this.log.look(cause.tag(), report(cause), this.journal, 0);
		}
		String since = " since 1970-01-01T00:00:00Z, ";
		assertThat(lines(output)).hasSize(10);
		assertThat(output)
			.contains("Executor 'deadlocked' starves: DEADLOCKED" + since
					+ "no task has started for 7.0 s (limit 5.0 s); queued: 23, busy workers: 2, waiting workers: 2;"
					+ " detail of deadlocked. Do something about deadlocked")
			.contains("Executor 'stalled' starves: STALLED" + since
					+ "no task has started for 7.0 s (limit 5.0 s); queued: 23,"
					+ " busy workers: 2; detail of stalled. Do something about stalled")
			.contains("Executor 'rejecting' starves: REJECTING" + since
					+ "tasks rejected with an exception: 12 of 300 (limit 1 a tick);")
			.contains("Executor 'overloaded' starves: OVERLOADED" + since
					+ "1500 tasks are active (limit 1000), 23 of them queued;")
			.contains("Executor 'blocked' starves: BLOCKED" + since
					+ "tasks that ended ran for 250.5 ms on average, running tasks have run for 2.0 s on average (limit 5.0 s);")
			.contains("Executor 'delayed' starves: DELAYED" + since
					+ "tasks waited for 350.5 ms on average, the oldest queued task has waited for 900.0 ms (limit 5.0 s);")
			.contains("Executor 'stuck' has a stuck task: STUCK" + since
					+ "the task has run for 61.2 s (limit 5.0 s), idle workers: 3;")
			.contains("Executor 'dropping' drops tasks: DROPPING" + since
					+ "tasks dropped without an exception: 40 of 300 (limit 0.05 of them); detail of dropping. Do something about dropping")
			.contains("Executor 'failing' has failing tasks: FAILING" + since
					+ "tasks that ended with an error: 19 of the last 300, task names: 2;")
			.contains("Executor 'ended' has periodic tasks that will not run again: ENDED" + since
					+ "periodic tasks that ended with an error: 3, task names: 2;")
			.doesNotContain("null", "unknown");
	}

	@Test
	void whenWhatIsAdvisedBecomesAnotherByHalfThenThatIsToldOnce(CapturedOutput output) {
		look(advised(0), 0);
		look(advised(8), 1);
		look(advised(8), TimeUnit.MINUTES.toNanos(3));
		look(advised(10), TimeUnit.MINUTES.toNanos(6));
		assertThat(lines(output)).hasSize(2);
		look(advised(12), TimeUnit.MINUTES.toNanos(9));
		look(advised(12), TimeUnit.MINUTES.toNanos(12));
		assertThat(lines(output)).hasSize(3);
		// and what it was before that is no news
		look(advised(0), TimeUnit.MINUTES.toNanos(15));
		look(advised(12), TimeUnit.MINUTES.toNanos(18));
		assertThat(lines(output)).hasSize(3);
		look(advised(6), TimeUnit.MINUTES.toNanos(21));
		assertThat(lines(output)).hasSize(4)
			.last()
			.asString()
			.contains("Executor 'orders' still starves: DELAYED since 1970-01-01T00:00:00Z. Set it to 6");
	}

	@Test
	void whenWhatIsAdvisedFlapsThenItIsToldOnceAMinute(CapturedOutput output) {
		look(advised(4), 0);
		for (int second = 1; second < 60; second++) {
			look(advised((second % 2 == 0) ? 4 : 40), TimeUnit.SECONDS.toNanos(second));
		}
		assertThat(lines(output)).hasSize(2);
	}

	private static ExecutorReport advised(int value) {
		RaisedCause cause = new RaisedCause(StarvationCause.DELAYED, Instant.EPOCH, null, EVIDENCE, null, null,
				new Advice("Set it to " + value, (value > 0) ? Map.of("poolSize", value) : Map.of(), Map.of()),
				List.of());
		return new ExecutorReport(WindowSnapshot.EMPTY, List.of(cause), Set.of(StarvationCause.DELAYED),
				TestLimits.DEFAULTS, null);
	}

	// what nobody measured was told as no time at all
	@Test
	void whenNoWaitWasSeenThenNoneIsTold(CapturedOutput output) {
		RaisedCause unseen = new RaisedCause(StarvationCause.DELAYED, Instant.EPOCH, null,
				Map.of("meanWaitMillis", 0.0, "oldestQueuedMillis", 900.0, "limitMillis", 100L, "tasks", 0L), null,
				null, null, List.of());
		look(new ExecutorReport(WindowSnapshot.EMPTY, List.of(unseen), Set.of(StarvationCause.DELAYED),
				TestLimits.DEFAULTS, null), 0);
		assertThat(output).contains("DELAYED since 1970-01-01T00:00:00Z, the oldest queued task has waited for 900.0 ms"
				+ " (limit 100.0 ms)");
	}

	@Test
	void graveCausesAreWarningsOthersAreNot(CapturedOutput output) {
		for (StarvationCause cause : StarvationCause.values()) {
			this.log.look(cause.tag(), report(cause), this.journal, 0);
		}
		assertThat(lines(output).stream().filter((line) -> line.contains("WARN"))).hasSize(3)
			.anyMatch((line) -> line.contains("'deadlocked'"))
			.anyMatch((line) -> line.contains("'stalled'"))
			.anyMatch((line) -> line.contains("'rejecting'"));
		assertThat(lines(output).stream().filter((line) -> line.contains("INFO"))).hasSize(7);
	}

	@Test
	void whenNothingChangesThenNothingIsTold(CapturedOutput output) {
		look(HEALTHY, 0);
		assertThat(output).isEmpty();
		look(DELAYED, 0);
		look(DELAYED, TimeUnit.HOURS.toNanos(3));
		look(HEALTHY, TimeUnit.HOURS.toNanos(4));
		look(HEALTHY, TimeUnit.HOURS.toNanos(5));
		assertThat(lines(output)).hasSize(2);
		assertThat(output).contains("Executor 'orders' recovered");
	}

	@Test
	void whenClearedThenTheNumbersOfTheIncidentAreTold(CapturedOutput output) {
		look(DELAYED, 0);
		this.journal.ends(new StarvationIncident("orders", 1, Instant.EPOCH, Instant.EPOCH.plusSeconds(3),
				Instant.EPOCH.plusSeconds(34), STALLED.causes(),
				Map.of("maxQueuedTasks", 23, "maxOldestQueuedMillis", 12300.0, "startedTasks", 53L), Map.of(), Map.of(),
				null, List.of()));
		look(HEALTHY, 1);
		assertThat(output).contains("Executor 'orders' recovered after 34.0 s: STALLED, DELAYED; queued tasks: at most"
				+ " 23, the oldest for 12.3 s; started tasks: 53");
	}

	@Test
	void whenStuckThenThatIsNoStarvation(CapturedOutput output) {
		look(report(StarvationCause.STUCK), 0);
		look(report(StarvationCause.STUCK), 1);
		look(HEALTHY, 2);
		assertThat(lines(output)).hasSize(2);
		assertThat(output).contains("Executor 'orders' no longer has a stuck task")
			.doesNotContain("starves", "recovered");
	}

	@Test
	void whenSeveralAreNoStarvationThenEachHasItsLinesAndItsTime(CapturedOutput output) {
		look(report(StarvationCause.STUCK), 0);
		look(report(StarvationCause.STUCK, StarvationCause.DROPPING), 1);
		look(report(StarvationCause.DROPPING), 2);
		assertThat(lines(output)).hasSize(3);
		look(report(StarvationCause.FAILING), 3);
		assertThat(output).contains("Executor 'orders' no longer drops tasks");
		look(report(StarvationCause.ENDED), 4);
		assertThat(output).contains("Executor 'orders' no longer has failing tasks");
		look(HEALTHY, 5);
		assertThat(output).contains("Executor 'orders' no longer has periodic tasks that ended with an error");
		assertThat(lines(output)).hasSize(8);
		look(report(StarvationCause.DROPPING), 6);
		assertThat(lines(output)).hasSize(8);
	}

	// told once it was time, while the cause was about to be cleared: "stuck for 2.9 s"
	@ParameterizedTest
	@EnumSource(names = { "STUCK", "DROPPING", "FAILING", "ENDED", "STALLED", "DELAYED" })
	void whenItIsOnItsWayOutBeforeItIsTimeToTellThenNothingIsTold(StarvationCause cause, CapturedOutput output) {
		ExecutorReport raised = report(cause);
		ExecutorReport clearing = new ExecutorReport(raised.window(), raised.causes(), Set.of(), raised.limits(), null);
		look(raised, 0);
		look(HEALTHY, 1);
		look(raised, 2);
		look(clearing, TimeUnit.MINUTES.toNanos(1));
		look(HEALTHY, TimeUnit.MINUTES.toNanos(1) + 1);
		assertThat(lines(output)).hasSize(2);
		look(raised, TimeUnit.MINUTES.toNanos(1) + 2);
		assertThat(lines(output)).hasSize(3);
	}

	@Test
	void whenItGetsWorseThenThatIsToldAtOnceAndOnce(CapturedOutput output) {
		look(DELAYED, 0);
		look(STALLED, 1);
		look(DELAYED, 2);
		look(STALLED, 3);
		assertThat(lines(output)).hasSize(2);
		assertThat(output).contains("INFO", "Executor 'orders' starves: DELAYED")
			.contains("WARN", "Executor 'orders' starves: STALLED");
	}

	@Test
	void whenItGetsWorseWithinTheMinuteAtTheSameLevelThenThatIsTold(CapturedOutput output) {
		look(STALLED, 0);
		look(report(StarvationCause.DEADLOCKED, StarvationCause.STALLED), TimeUnit.SECONDS.toNanos(1));
		assertThat(lines(output)).hasSize(2);
		assertThat(output).contains("Executor 'orders' starves: DEADLOCKED");
	}

	// a deadlock 20 s after some refused tasks was not told at all
	@Test
	void whenAnotherTroubleComesWithinTheMinuteThenThatIsToldAndTheSameIsNot(CapturedOutput output) {
		StarvationCause[] causes = { StarvationCause.REJECTING, StarvationCause.DEADLOCKED, StarvationCause.DELAYED,
				StarvationCause.REJECTING, StarvationCause.STALLED };
		for (int i = 0; i < causes.length; i++) {
			look(report(causes[i]), TimeUnit.SECONDS.toNanos(10 * i));
			look(HEALTHY, TimeUnit.SECONDS.toNanos(10 * i + 5));
		}
		assertThat(lines(output).stream().filter((line) -> line.contains("starves"))).hasSize(4);
		assertThat(lines(output).stream().filter((line) -> line.contains("recovered"))).hasSize(4);
	}

	@Test
	void whenAnExecutorIsGoneThenWhatWasToldOfItEnds(CapturedOutput output) {
		look(DELAYED, 0);
		this.log.forget("orders");
		this.log.forget("others");
		assertThat(lines(output)).hasSize(2);
		assertThat(output).contains("Executor 'orders' is gone");
	}

	@Test
	void whenIntervalIsSetThenLinesComeAsOften(CapturedOutput output) {
		StarvationLog log = new StarvationLog(Duration.ofMinutes(5), Runnable::run);
		for (int seconds = 0; seconds < 600; seconds += 100) {
			log.look("orders", DELAYED, this.journal, TimeUnit.SECONDS.toNanos(seconds));
			log.look("orders", HEALTHY, this.journal, TimeUnit.SECONDS.toNanos(seconds) + 1);
		}
		assertThat(lines(output).stream().filter((line) -> line.contains("starves"))).hasSize(2);
	}

	@Test
	void whenExecutorFlapsThenItIsToldEverMoreRarely(CapturedOutput output) {
		// raised and cleared once every 10 s for a day
		for (int seconds = 0; seconds < 86_400; seconds += 10) {
			long nanos = TimeUnit.SECONDS.toNanos(seconds);
			look(DELAYED, nanos);
			look(HEALTHY, nanos + 1);
		}
		List<String> raised = lines(output).stream().filter((line) -> line.contains("starves")).toList();
		// after 1, 2, 4 ... 32 minutes, then once an hour
		assertThat(raised).hasSizeBetween(25, 32);
		assertThat(lines(output).stream().filter((line) -> line.contains("recovered"))).hasSameSizeAs(raised);
	}

	@Test
	void whenQuietForLongThenItIsToldAtOnceAgain(CapturedOutput output) {
		look(DELAYED, 0);
		look(HEALTHY, 1);
		look(DELAYED, TimeUnit.HOURS.toNanos(9));
		assertThat(lines(output).stream().filter((line) -> line.contains("starves"))).hasSize(2);
	}

	@Test
	void whenDebuggingThenTheTopStackIsToldToo(CapturedOutput output) {
		WorkerStack stack = new WorkerStack(2, List.of("orders-1"), List.of("Task"), 1, Thread.State.WAITING,
				List.of(new StackTraceElement("com.acme.Orders", "price", "Orders.java", 7)));
		this.journal.goesOn(new StarvationIncident("orders", 1, Instant.EPOCH, Instant.EPOCH, null, STALLED.causes(),
				Map.of(), Map.of(), Map.of(), null, List.of(stack)));
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		look(STALLED, 0);
		assertThat(output).doesNotContain("com.acme");
		logging.setLogLevel(StarvationLog.class.getName(), LogLevel.DEBUG);
		try {
			look(HEALTHY, 1);
			look(STALLED, TimeUnit.HOURS.toNanos(9));
			assertThat(output).contains("DEBUG", "Executor 'orders', workers with this stack: 2",
					"\tat com.acme.Orders.price(Orders.java:7)");
		}
		finally {
			logging.setLogLevel(StarvationLog.class.getName(), null);
		}
	}

}
