// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of how much work comes: what goes on coming, and what came in a burst.
 */
class DemandTests {

	private static final double WAIT = 0.1;

	/** Four workers, a look a second: what comes in each, and how many run in it. */
	private static Demand demand(int least, int runMillis, int[] come, int ran) {
		List<ExecutorSample> samples = new ArrayList<>();
		Samples each = Samples.UNUSED.workers(4, 0, 0);
		samples.add(each.at(Duration.ZERO));
		int queued = 0;
		for (int i = 0; i < come.length; i++) {
			int runs = Math.min(ran, queued + come[i]);
			queued += come[i] - runs;
			each = each.ran(runs, 100, runMillis).queued(queued, 1_000);
			samples.add(each.at(Duration.ofSeconds(i + 1)));
		}
		ExecutorSample first = samples.get(0);
		ExecutorSample last = samples.get(samples.size() - 1);
		return Demand.of(samples, 1, new Tick(first, last, 0, Long.MAX_VALUE / 2, 0, 0, null), least);
	}

	@Test
	void whatGoesOnComingIsWorkers() {
		Demand steady = demand(5, 100, new int[] { 50, 50, 50, 50 }, 40);
		assertThat(steady.perSecond()).isEqualTo(50);
		assertThat(steady.seconds()).isEqualTo(0.1);
		assertThat(steady.workers()).isEqualTo(5, within(1e-9));
		assertThat(steady.isBurst(4, 4, WAIT)).isFalse();
	}

	// 201 workers were advised for 5,000 jobs of one second
	@Test
	void whatCameAtOnceIsABurst() {
		for (int[] come : List.of(new int[] { 0, 5_000, 0, 0 }, new int[] { 2_000, 3_000, 0, 0 },
				new int[] { 0, 0, 5_000, 0, 0, 0 })) {
			Demand burst = demand(5, 1_000, come, 4);
			assertThat(burst.isBurst(4, 4, WAIT)).isTrue();
			assertThat(burst.burst()).isEqualTo(5_000);
			assertThat(burst.perSecond()).isZero();
			assertThat(burst.drainSeconds(4, 4_984)).isEqualTo(1_246);
		}
	}

	// a pool that was idle, and 100 tasks a second from the middle of a look on
	@Test
	void whatHasOnlyBegunIsNoBurst() {
		assertThat(demand(5, 100, new int[] { 0, 50, 100, 100 }, 40)).isNull();
		Demand steady = demand(5, 100, new int[] { 0, 50, 100, 100, 100 }, 40);
		assertThat(steady.isBurst(4, 4, WAIT)).isFalse();
		assertThat(steady.perSecond()).isEqualTo(87.5);
		assertThat(demand(5, 100, new int[] { 30, 100, 100, 100 }, 40).isBurst(4, 4, WAIT)).isFalse();
	}

	@Test
	void whatComesBesidesABurstTakesItsPartOfTheWorkers() {
		Demand burst = demand(5, 1_000, new int[] { 2, 502, 2, 2, 2, 2 }, 4);
		assertThat(burst.isBurst(4, 4, WAIT)).isTrue();
		// half of the four workers are left for it
		assertThat(burst.drainSeconds(4, 480)).isEqualTo(240);
	}

	@Test
	void whenTooMuchComesBesidesABurstThenThatIsWhatCounts() {
		Demand demand = demand(5, 100, new int[] { 45, 45, 1_045, 45, 45, 45, 45, 45 }, 40);
		assertThat(demand.isBurst(4, 4, WAIT)).isFalse();
		assertThat(demand.perSecond()).isEqualTo(45);
	}

	@Test
	void aBurstThatWaitsNoLongerThanItMayIsNone() {
		// 30 tasks of 10 ms are through in 75 ms: something else holds them up
		assertThat(demand(5, 10, new int[] { 30, 0, 0, 0 }, 400).isBurst(4, 4, WAIT)).isFalse();
	}

	@Test
	void aSteadyFlowThatTheWorkersKeepUpWithIsNoBurst() {
		assertThat(demand(5, 100, new int[] { 30, 30, 30, 30, 30 }, 40).isBurst(4, 4, WAIT)).isFalse();
	}

	@Test
	void whenTooFewCameOrEndedThenNothingIsKnown() {
		assertThat(demand(5, 100, new int[] { 1, 1, 1, 1 }, 4)).isNull();
		assertThat(demand(5, 100, new int[] { 100, 0, 0, 0 }, 1)).isNull();
		assertThat(demand(5, 100, new int[] { 100, 0, 0, 0, 0 }, 1)).isNotNull();
	}

	// Tomcat's threads: requests are not seen, how many have started is
	@Test
	void whereOnlyTheStateIsSeenBusyWorkersAndStartsAreWhatCounts() {
		List<ExecutorSample> samples = new ArrayList<>();
		for (int second = 0; second < 5; second++) {
			samples.add(state(second, 10 * second, 5 * second + 1));
		}
		Tick all = new Tick(samples.get(0), samples.get(4), 0, Long.MAX_VALUE / 2, 0, 0, null);
		Demand demand = Demand.of(samples, 1, all, 5);
		assertThat(demand.perSecond()).isEqualTo(15);
		assertThat(demand.seconds()).isEqualTo(0.4);
		assertThat(demand.workers()).isEqualTo(6, within(1e-9));
	}

	private static ExecutorSample state(int second, long started, int queued) {
		ExecutorSample none = Samples.UNUSED.at(Duration.ofSeconds(second));
		return new ExecutorSample(none.nanos(), none.tasks(), started, 0, 0, 0, 0, 0, List.of(), 4, 0, 4, queued,
				ExecutorState.NONE, ExecutorState.NONE, ExecutorState.NONE, false, null, null);
	}

}
