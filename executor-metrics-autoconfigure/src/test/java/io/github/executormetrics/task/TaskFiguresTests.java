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

	private static final long PERIOD = 1L << 36;

	private long now = 1_000 * PERIOD;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenTasksRanThenTheirSumsAreThere(boolean shared) {
		TaskFigures figures = figures(shared, TaskBudget.UNSET);
		figures.start(this.now, 7);
		figures.start(this.now, 0);
		figures.start(this.now, TaskRecorder.UNKNOWN_WAIT);
		figures.end(this.now, 10, false);
		figures.end(this.now, 5, true);
		assertThat(figures.get(TaskFigures.STARTED)).isEqualTo(3);
		assertThat(figures.get(TaskFigures.WAITED)).isEqualTo(2);
		assertThat(figures.get(TaskFigures.WAIT_NANOS)).isEqualTo(7);
		assertThat(figures.get(TaskFigures.COMPLETED)).isEqualTo(2);
		assertThat(figures.get(TaskFigures.FAILED)).isEqualTo(1);
		assertThat(figures.get(TaskFigures.RUN_NANOS)).isEqualTo(15);
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
		figures.sampled(100, 10, 3);
		assertExhausted(figures, 0, 0, 0);
		figures.end(this.now, 101, false);
		assertExhausted(figures, 1, 0, 0);
		figures.sampled(100, 11, 3);
		assertExhausted(figures, 1, 1, 0);
		figures.sampled(100, 10, 4);
		assertExhausted(figures, 1, 1, 1);
		assertThat(figures.get(TaskFigures.SAMPLES)).isEqualTo(3);
	}

	@Test
	void whenNoBudgetIsSetThenNothingExhaustsIt() {
		TaskFigures figures = figures(false, TaskBudget.UNSET);
		figures.end(this.now, Long.MAX_VALUE - 1, false);
		figures.sampled(1, Long.MAX_VALUE - 1, Integer.MAX_VALUE);
		assertExhausted(figures, 0, 0, 0);
	}

	@Test
	void whenOneInSoManyIsSampledThenSoManyAreAtDifferentIntervals() {
		TaskFigures figures = new TaskFigures(false, TaskBudget.UNSET, 64);
		int samples = 0;
		int last = 0;
		int longest = 0;
		int shortest = Integer.MAX_VALUE;
		for (int i = 1; i <= 64_000; i++) {
			if (figures.isSample()) {
				samples++;
				longest = Math.max(longest, i - last);
				shortest = Math.min(shortest, i - last);
				last = i;
			}
		}
		// 1,000 expected, with a deviation of 18
		assertThat(samples).isBetween(890, 1_110);
		assertThat(longest).isBetween(100, 127);
		assertThat(shortest).isBetween(1, 20);
	}

	@Test
	void whenAllOrNoneAreToBeSampledThenAllOrNoneAre() {
		TaskFigures all = new TaskFigures(false, TaskBudget.UNSET, 1);
		TaskFigures none = new TaskFigures(false, TaskBudget.UNSET, 0);
		for (int i = 0; i < 100; i++) {
			assertThat(all.isSample()).isTrue();
			assertThat(none.isSample()).isFalse();
		}
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
		assertThat(figures.get(TaskFigures.OVER_RUN)).isEqualTo(run);
		assertThat(figures.get(TaskFigures.OVER_CPU)).isEqualTo(cpu);
		assertThat(figures.get(TaskFigures.OVER_POLLS)).isEqualTo(polls);
	}

	private static TaskFigures figures(boolean shared, TaskBudget budget) {
		return new TaskFigures(shared, budget, 0);
	}

}
