// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link TaskFigures} with a clock that is moved by hand.
 */
class TaskFiguresTests {

	private static final TaskName NAME = new TaskName("mail", 1);

	private static final long PERIOD = 1L << 36;

	private long now = 1_000 * PERIOD;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenTasksRanThenTheirSumsAreThere(boolean shared) {
		TaskFigures figures = new TaskFigures(NAME, shared, TaskBudget.UNSET, 16, 0);
		figures.start(this.now, 7);
		figures.start(this.now, 0);
		figures.start(this.now, TaskRecorder.UNKNOWN_WAIT);
		figures.end(this.now, 10, false);
		figures.end(this.now, 5, true);
		assertThat(figures.started()).isEqualTo(3);
		assertThat(figures.waited()).isEqualTo(2);
		assertThat(figures.waitNanos()).isEqualTo(7);
		assertThat(figures.completed()).isEqualTo(2);
		assertThat(figures.failed()).isEqualTo(1);
		assertThat(figures.timed()).isEqualTo(2);
		assertThat(figures.runNanos()).isEqualTo(15);
		figures.start();
		figures.end(true);
		assertThat(figures.started()).isEqualTo(4);
		assertThat(figures.waited()).isEqualTo(2);
		assertThat(figures.completed()).isEqualTo(3);
		assertThat(figures.failed()).isEqualTo(2);
		assertThat(figures.timed()).isEqualTo(2);
		assertThat(figures.runNanos()).isEqualTo(15);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenAllAreTimedThenThoseTimedAreThoseCompleted(boolean shared) {
		TaskFigures figures = figures(shared, TaskBudget.UNSET);
		run(figures, 7, 10);
		figures.end(this.now, 5, true);
		assertThat(figures.timed()).isEqualTo(2);
		assertThat(figures.completed()).isEqualTo(2);
		assertThat(figures.runNanos()).isEqualTo(15);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenNothingRunsAnyMoreThenAMaximumHoldsForOneToTwoPeriods(boolean shared) {
		TaskFigures figures = figures(shared, TaskBudget.UNSET);
		figures.start(this.now, 7);
		figures.end(this.now, 70, false);
		assertMaxima(figures, 7, 70);
		this.now += PERIOD - 1;
		assertMaxima(figures, 7, 70);
		this.now += PERIOD;
		assertMaxima(figures, 7, 70);
		this.now += 1;
		assertMaxima(figures, 0, 0);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenSmallerOnesFollowThenAMaximumGoesWithItsPeriod(boolean shared) {
		TaskFigures figures = figures(shared, TaskBudget.UNSET);
		run(figures, 7, 70);
		this.now += PERIOD;
		run(figures, 2, 20);
		assertMaxima(figures, 7, 70);
		this.now += PERIOD;
		run(figures, 1, 10);
		assertMaxima(figures, 2, 20);
		this.now += 2 * PERIOD;
		run(figures, 1, 1);
		assertMaxima(figures, 1, 1);
	}

	@Test
	void whenARunEndsInALaterPeriodThenItsWaitIsThatOfTheOneBefore() {
		TaskFigures figures = figures(false, TaskBudget.UNSET);
		figures.start(this.now, 7);
		this.now += PERIOD;
		figures.end(this.now, PERIOD, false);
		assertMaxima(figures, 7, PERIOD);
		this.now += PERIOD;
		assertMaxima(figures, 0, PERIOD);
	}

	// a thread that read the clock and then stood still takes a slot after one that did
	// not
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenATaskComesWithAnEarlierInstantThenNoMaximumIsLost(boolean shared) {
		TaskFigures figures = figures(shared, TaskBudget.UNSET);
		run(figures, 7, 70);
		figures.start(this.now - 1, 3);
		figures.end(this.now, 30, false);
		assertMaxima(figures, 7, 70);
	}

	@Test
	void whenTheClockIsNegativeThenMaximaGoAsWell() {
		this.now = -10 * PERIOD;
		TaskFigures figures = figures(false, TaskBudget.UNSET);
		run(figures, 7, 70);
		assertMaxima(figures, 7, 70);
		this.now += 2 * PERIOD;
		assertMaxima(figures, 0, 0);
		this.now = 0;
		run(figures, 1, 10);
		assertMaxima(figures, 1, 10);
	}

	@Test
	void whenABudgetIsReachedThenItIsNotExhaustedYet() {
		TaskFigures figures = figures(false, new TaskBudget(Duration.ofNanos(100), Duration.ofNanos(10), 3));
		figures.end(this.now, 100, false);
		figures.sampled().add(100, 10, 3, 0);
		assertExhausted(figures, 0, 0, 0);
		figures.end(this.now, 101, false);
		assertExhausted(figures, 1, 0, 0);
		figures.sampled().add(100, 11, 3, 0);
		assertExhausted(figures, 1, 1, 0);
		figures.sampled().add(100, 10, 4, 0);
		assertExhausted(figures, 1, 1, 1);
		assertThat(figures.sampled().get(SampledFigures.SAMPLES)).isEqualTo(3);
	}

	@Test
	void whenNoBudgetIsSetThenNothingExhaustsIt() {
		TaskFigures figures = figures(false, TaskBudget.UNSET);
		figures.end(this.now, Long.MAX_VALUE - 1, false);
		figures.sampled().add(1, Long.MAX_VALUE - 1, Integer.MAX_VALUE, 0);
		assertExhausted(figures, 0, 0, 0);
	}

	// a short task took half as long again for being sampled now and then
	@Test
	void whenTasksAreShortThenAtMostOneInAMillisecondIsSampled() {
		SampledFigures figures = new TaskFigures(NAME, false, TaskBudget.UNSET, 1, 64).sampled();
		long start = System.nanoTime() + SampledFigures.GAP;
		int samples = 0;
		for (int i = 0; i < 1_000_000; i++) {
			samples += figures.isNext(start + 100L * i) ? 1 : 0;
		}
		// 100 ms; one in 64 would be 15,625
		assertThat(samples).isBetween(95, 100);
		samples = 0;
		for (int i = 0; i < 64_000; i++) {
			samples += figures.isNext(start + SampledFigures.GAP * (1_000 + i)) ? 1 : 0;
		}
		assertThat(samples).isBetween(890, 1_110);
	}

	@Test
	void whenAllOrNoneAreToBeSampledThenAllOrNoneAre() {
		SampledFigures all = new TaskFigures(NAME, false, TaskBudget.UNSET, 1, 1).sampled();
		SampledFigures none = new TaskFigures(NAME, false, TaskBudget.UNSET, 1, 0).sampled();
		for (int i = 0; i < 100; i++) {
			assertThat(all.isNext(this.now)).isTrue();
			assertThat(none.isNext(this.now)).isFalse();
		}
	}

	@Test
	void whenOnlySomeAreTimedThenThoseToBeSampledAreAmongThem() {
		long now = System.nanoTime();
		assertThat(sampledOf(10_000, new TaskFigures(NAME, false, TaskBudget.UNSET, 16, 64), now)).isBetween(2_100,
				2_900);
		// fewer are timed than are to be sampled: all of these
		assertThat(sampledOf(10_000, new TaskFigures(NAME, false, TaskBudget.UNSET, 16, 4), now)).isEqualTo(10_000);
	}

	private static int sampledOf(int timed, TaskFigures figures, long now) {
		int samples = 0;
		for (int i = 1; i <= timed; i++) {
			samples += figures.sampled().isNext(now + i * SampledFigures.GAP) ? 1 : 0;
		}
		return samples;
	}

	@Test
	void whenARunHasABudgetThenAllAreTimed() {
		TaskFigures without = new TaskFigures(NAME, false, TaskBudget.UNSET, 16, 0);
		TaskFigures with = new TaskFigures(NAME, false, new TaskBudget(Duration.ofMillis(1), null, null), 16, 0);
		int timed = 0;
		for (int i = 0; i < 16_000; i++) {
			timed += without.isTimed() ? 1 : 0;
			assertThat(with.isTimed()).isTrue();
		}
		assertThat(timed).isBetween(880, 1_120);
	}

	private void run(TaskFigures figures, long wait, long run) {
		figures.start(this.now, wait);
		figures.end(this.now, run, false);
	}

	private void assertMaxima(TaskFigures figures, long wait, long run) {
		assertThat(figures.maxWait(this.now)).isEqualTo(wait);
		assertThat(figures.maxRun(this.now)).isEqualTo(run);
	}

	private static void assertExhausted(TaskFigures figures, long run, long cpu, long polls) {
		assertThat(figures.overRun()).isEqualTo(run);
		assertThat(figures.sampled().get(SampledFigures.OVER_CPU)).isEqualTo(cpu);
		assertThat(figures.sampled().get(SampledFigures.OVER_POLLS)).isEqualTo(polls);
	}

	private static TaskFigures figures(boolean shared, TaskBudget budget) {
		return new TaskFigures(NAME, shared, budget, 1, 0);
	}

}
