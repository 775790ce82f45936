// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.task.TaskSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the watch finds of tasks that are not timed, on a clock that the test moves: 1 s a
 * tick, 60 s until a task is stuck, and three bad looks until that is raised.
 */
class UntimedTasksTests {

	private final MovedWatch watch = new MovedWatch(TaskSettings.defaults().timing(1_000_000_000));

	@AfterEach
	void close() {
		this.watch.close();
	}

	@Test
	void whenATaskIsNotTimedThenItIsStuckOneLookAfterTheLimitHasPassedSinceTheFirst() {
		// ahead of the clock that the first look reads
		this.watch.ticks(60);
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		Hold.once(orders);
		this.watch.awaitCompleted("orders", 1);
		try (Hold hold = Hold.on(orders)) {
			this.watch.ticks(1);
			// the first two bad looks are those after 61 and 62 s
			this.watch.ticks(62);
			assertThat(causes()).isEmpty();
			this.watch.ticks(1);
			assertThat(causes()).singleElement().satisfies((stuck) -> {
				assertThat(stuck.cause()).isEqualTo(StarvationCause.STUCK);
				assertThat(stuck.since()).isEqualTo(MovedWatch.EPOCH.plusSeconds(61).plusSeconds(61));
				assertThat(stuck.evidence()).containsEntry("oldestRunningMillis", 63_000.0);
			});
		}
	}

	private List<RaisedCause> causes() {
		return this.watch.watch().report(this.watch.executor("orders")).causes();
	}

}
