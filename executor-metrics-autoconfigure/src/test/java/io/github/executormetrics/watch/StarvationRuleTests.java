// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.executormetrics.ExecutorLimits;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the rules at their defaults: 100 ms of wait from 5 samples on, 50 ms of run,
 * 1,000 active tasks, 1 rejection, 5 s without a start.
 */
class StarvationRuleTests {

	private static final Duration TICK = Duration.ofSeconds(1);

	// any figures, so that only what is new in the tick can count
	private static final Samples BEFORE = Samples.UNUSED.ran(1_000, 5_000, 5_000).aborted(10);

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void tickIsBadFor(String story, Samples after, long stalledMillis, String bad) {
		Tick tick = look(BEFORE, after, stalledMillis, Long.MAX_VALUE / 2);
		Set<String> causes = new TreeSet<>();
		for (StarvationRule rule : StarvationRule.values()) {
			if (rule.isBad(tick, TestLimits.DEFAULTS)) {
				causes.add(rule.name());
			}
		}
		assertThat(String.join(" ", causes)).isEqualTo(bad);
		// which is not even held against the rules
		assertThat(tick.isQuiet()).isEqualTo(after == BEFORE);
	}

	static Stream<Arguments> tickIsBadFor() {
		return Stream.of(Arguments.of("nothing happened", BEFORE, 0, ""),
				Arguments.of("tasks ran without waiting", BEFORE.ran(100, 0, 1), 0, ""),
				Arguments.of("long tasks with free workers and no queue",
						BEFORE.workers(3, 1, 60_000).ran(10, 0, 9_000), 0, ""),
				Arguments.of("all workers in long tasks, and no queue", BEFORE.workers(4, 0, 60_000), 0, ""),
				Arguments.of("5 tasks waited as long as allowed", BEFORE.ran(5, 100, 1), 0, ""),
				Arguments.of("5 tasks waited longer", BEFORE.ran(5, 101, 1), 0, "DELAYED"),
				Arguments.of("4 tasks waited longer: too few to tell", BEFORE.ran(4, 10_000, 1), 0, ""),
				Arguments.of("the oldest task waits as long as allowed", BEFORE.queued(1, 100), 0, ""),
				Arguments.of("the oldest task waits longer", BEFORE.queued(1, 101), 0, "DELAYED"),
				Arguments.of("mean wait does not move when nothing starts, the oldest task's age does",
						BEFORE.workers(1, 0, 20).queued(1, 900), 900, "DELAYED"),
				Arguments.of("an opaque head is as old as the time without a start",
						BEFORE.workers(1, 0, 20).queued(1, -1), 101, "DELAYED"),
				Arguments.of("an opaque head, and starts go on", BEFORE.workers(1, 0, 20).queued(1, -1), 0, ""),
				Arguments.of("delayed, runs as long as allowed", BEFORE.ran(50, 101, 50), 0, "DELAYED"),
				Arguments.of("delayed, and runs longer", BEFORE.ran(50, 101, 51), 0, "BLOCKED DELAYED"),
				Arguments.of("long runs alone are no fault", BEFORE.ran(50, 100, 51), 0, ""),
				Arguments.of("delayed, what runs is young", BEFORE.ran(50, 101, 1).workers(2, 0, 50), 0, "DELAYED"),
				Arguments.of("delayed, what runs is old", BEFORE.ran(50, 101, 1).workers(2, 0, 51), 0,
						"BLOCKED DELAYED"),
				Arguments.of("as many active tasks as allowed", BEFORE.workers(4, 0, 1).queued(996, 10), 0, ""),
				Arguments.of("more active tasks", BEFORE.workers(4, 0, 1).queued(997, 10), 0, "OVERLOADED"),
				Arguments.of("a million virtual threads that run", BEFORE.workers(1_000_000, 0, 1), 0, ""),
				Arguments.of("one task refused", BEFORE.aborted(1), 0, "REJECTING"),
				Arguments.of("queued, busy, nothing started for a little less than the limit",
						BEFORE.workers(4, 0, 20).queued(1, 90), 4_999, ""),
				Arguments.of("nothing started for the limit", BEFORE.workers(4, 0, 20).queued(1, 90), 5_000, "STALLED"),
				Arguments.of("nothing started, but a worker is idle", BEFORE.workers(3, 1, 20).queued(1, 90), 9_000,
						""),
				Arguments.of("nothing started, and nothing is queued", BEFORE.workers(4, 0, 20), 9_000, ""),
				Arguments.of("a pool that starts nothing at all", BEFORE.workers(4, 0, 8_000).queued(20, 8_000), 8_000,
						"BLOCKED DELAYED STALLED"));
	}

	@Test
	void whenProcessWasPausedThenWaitingBeforeDoesNotCount() {
		Samples after = BEFORE.workers(1, 0, 20).queued(1, 8_000);
		assertThat(StarvationRule.DELAYED.isBad(look(BEFORE, after, 0, 90), TestLimits.DEFAULTS)).isFalse();
		assertThat(StarvationRule.DELAYED.isBad(look(BEFORE, after, 0, 101), TestLimits.DEFAULTS)).isTrue();
	}

	@Test
	void whenProcessStoodStillThenTasksMayWaitForSoMuchLonger() {
		assertThat(isDelayedOnceStoodStill(BEFORE.ran(5, 900, 1), 800)).isFalse();
		assertThat(isDelayedOnceStoodStill(BEFORE.ran(5, 901, 1), 800)).isTrue();
		assertThat(isDelayedOnceStoodStill(BEFORE.queued(1, 900), 800)).isFalse();
		assertThat(isDelayedOnceStoodStill(BEFORE.queued(1, 901), 800)).isTrue();
	}

	private static boolean isDelayedOnceStoodStill(Samples after, long millis) {
		Tick tick = new Tick(BEFORE.at(Duration.ZERO), after.at(TICK), 0, Long.MAX_VALUE,
				Duration.ofMillis(millis).toNanos(), 0, null);
		return StarvationRule.DELAYED.isBad(tick, TestLimits.DEFAULTS);
	}

	@Test
	void whenLimitsDifferThenTheyApply() {
		ExecutorLimits limits = new ExecutorLimits(Duration.ofSeconds(2), Duration.ofSeconds(3), 10, 4,
				Duration.ofSeconds(60), Duration.ofSeconds(90), 2, 0.05);
		assertThat(bad(BEFORE.ran(2, 1_999, 1), 0, limits)).isEmpty();
		assertThat(bad(BEFORE.ran(2, 2_001, 2_999), 0, limits)).containsExactly("DELAYED");
		assertThat(bad(BEFORE.ran(2, 2_001, 3_001), 0, limits)).containsExactly("BLOCKED", "DELAYED");
		assertThat(bad(BEFORE.ran(1, 9_000, 3_001), 0, limits)).isEmpty();
		assertThat(bad(BEFORE.queued(11, 10), 0, limits)).containsExactly("OVERLOADED");
		assertThat(bad(BEFORE.aborted(3), 0, limits)).isEmpty();
		assertThat(bad(BEFORE.aborted(4), 0, limits)).containsExactly("REJECTING");
		assertThat(bad(BEFORE.workers(1, 0, 9).queued(1, 9), 59_999, limits)).isEmpty();
		assertThat(bad(BEFORE.workers(1, 0, 9).queued(1, 9), 60_000, limits)).containsExactly("STALLED");
	}

	@Test
	void evidenceHoldsMeasuredValueLimitAndSamples() {
		Samples after = BEFORE.ran(20, 250, 70).workers(2, 0, 400).queued(30, 700).aborted(7);
		Tick window = look(BEFORE, after, 600, Long.MAX_VALUE / 2);
		assertThat(evidence(StarvationRule.DELAYED, window))
			.isEqualTo(Map.of("meanWaitMillis", 250.0, "oldestQueuedMillis", 700.0, "limitMillis", 100L, "tasks", 20L));
		assertThat(evidence(StarvationRule.BLOCKED, window))
			.isEqualTo(Map.of("meanRunMillis", 70.0, "meanRunningMillis", 400.0, "limitMillis", 50L, "tasks", 22L));
		assertThat(evidence(StarvationRule.OVERLOADED, window))
			.isEqualTo(Map.of("activeTasks", 32L, "limitTasks", 1000, "queuedTasks", 30, "ticks", 10));
		assertThat(evidence(StarvationRule.REJECTING, window))
			.isEqualTo(Map.of("rejectedTasks", 7L, "limitTasksPerTick", 1, "tasks", 59L));
		assertThat(evidence(StarvationRule.STALLED, window)).isEqualTo(Map.of("sinceLastStartMillis", 600.0,
				"limitMillis", 5000L, "queuedTasks", 30, "busyWorkers", 2, "ticks", 10));
	}

	private static Map<String, Number> evidence(StarvationRule rule, Tick window) {
		return rule.evidence(window, TestLimits.DEFAULTS, 10);
	}

	private static Set<String> bad(Samples after, long stalledMillis, ExecutorLimits limits) {
		Tick tick = look(BEFORE, after, stalledMillis, Long.MAX_VALUE / 2);
		Set<String> causes = new TreeSet<>();
		Stream.of(StarvationRule.values())
			.filter((rule) -> rule.isBad(tick, limits))
			.forEach((rule) -> causes.add(rule.name()));
		return causes;
	}

	private static Tick look(Samples before, Samples after, long stalledMillis, long judgedMillis) {
		return new Tick(before.at(Duration.ZERO), after.at(TICK), Duration.ofMillis(stalledMillis).toNanos(),
				(judgedMillis < 1_000_000) ? Duration.ofMillis(judgedMillis).toNanos() : Long.MAX_VALUE, 0,
				after.at(TICK).tasks().oldestRunningNanos(), null);
	}

}
