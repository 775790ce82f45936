// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the age that follows from counts alone, one look a second.
 */
class ArrivalTrailTests {

	private final ArrivalTrail trail = new ArrivalTrail();

	private long seconds;

	private long look(long started, int queued) {
		this.seconds++;
		long age = this.trail.look(new ExecutorSample(TimeUnit.SECONDS.toNanos(this.seconds), TaskTotals.NONE, started,
				0, 0, 0, 0, 0, List.of(), 1, 0, 1, queued, ExecutorState.NONE, ExecutorState.NONE, ExecutorState.NONE,
				false, null, null));
		return (age != ExecutorState.NONE) ? TimeUnit.NANOSECONDS.toSeconds(age) : age;
	}

	@Test
	void whenNothingIsQueuedOrStartsAreNotCountedThenNothingIsKnown() {
		assertThat(look(5, 0)).isEqualTo(ExecutorState.NONE);
		assertThat(look(ExecutorState.NONE, 3)).isEqualTo(ExecutorState.NONE);
	}

	@Test
	void whenTasksStartSlowlyThenTheAgeIsThatOfTheFirstThatHasNotStarted() {
		assertThat(look(0, 10)).isZero();
		assertThat(look(4, 16)).isEqualTo(1);
		assertThat(look(9, 21)).isEqualTo(2);
		// the ten of the first look have all started, the next ten came by the second
		assertThat(look(10, 30)).isEqualTo(2);
		assertThat(look(19, 31)).isEqualTo(3);
		assertThat(look(20, 40)).isEqualTo(3);
	}

	@Test
	void whenTheQueueKeepsUpThenTheAgeStaysBelowTwoLooks() {
		for (int i = 1; i < 50; i++) {
			assertThat(look(100L * i, 5)).isLessThan(2);
		}
	}

	@Test
	void whenTheQueueWasEmptyThenTheAgeBeginsAnew() {
		look(0, 10);
		look(0, 10);
		look(10, 0);
		assertThat(look(10, 3)).isZero();
		assertThat(look(10, 3)).isEqualTo(1);
	}

	@Test
	void whenTasksWereWithdrawnThenTheyAreTakenForTheOldest() {
		look(0, 10);
		assertThat(look(0, 10)).isEqualTo(1);
		// eight are cancelled, six come: what came first may be gone but for two
		assertThat(look(0, 2)).isEqualTo(2);
		assertThat(look(0, 8)).isEqualTo(3);
		assertThat(look(2, 6)).isEqualTo(1);
	}

	@Test
	void whenNothingStartsForHoursThenTheAgeGrowsAndTheTrailIsBounded() {
		for (int i = 0; i < 10_000; i++) {
			assertThat(look(0, 1 + i)).isEqualTo(i);
		}
		// what came after the trail was full is told younger, never older
		assertThat(look(700, 9_300)).isNotNegative().isLessThanOrEqualTo(10_000 - 700);
	}

}
