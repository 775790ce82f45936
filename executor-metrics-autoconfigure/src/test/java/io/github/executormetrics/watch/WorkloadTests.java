// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.task.TaskName;
import io.github.executormetrics.watch.Workload.Work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of what lies between two marks, ten seconds apart.
 */
class WorkloadTests {

	private static final TaskName NAME = new TaskName("Orders.place", 0);

	private static WorkMark mark(int second, Samples sample, WorkMark.Sums sums) {
		return new WorkMark(sample.at(Duration.ofSeconds(second)), Map.of(NAME, sums), second * 500_000_000L);
	}

	private static Work work(WorkMark.Sums before, WorkMark.Sums now) {
		Workload workload = Workload.between(mark(0, Samples.UNUSED, before), mark(10, Samples.UNUSED, now),
				Duration.ofSeconds(10).toNanos());
		assertThat(workload.processCores()).isEqualTo(0.5);
		return workload.tasks().get(NAME);
	}

	private static WorkMark.Sums sums(long started, long ended, long runMillis, int running, long agesMillis) {
		return new WorkMark.Sums(started, ended, ended, 0, runMillis * 1_000_000, running, agesMillis * 1_000_000);
	}

	@Test
	void whatEndedIsAMean() {
		Work work = work(sums(100, 100, 5_000, 0, 0), sums(300, 300, 15_000, 0, 0));
		assertThat(work.perSecond()).isEqualTo(20);
		assertThat(work.seconds(5)).isEqualTo(0.05);
		assertThat(work.workers(5)).isEqualTo(1, within(1e-9));
	}

	// "takes more than 40 s" was told of eight that ran for 5 s each
	@Test
	void whatHasNotEndedIsAsOldAsOneOfIt() {
		Work work = work(sums(100, 100, 500, 0, 0), sums(108, 100, 500, 8, 40_000));
		assertThat(work.seconds(5)).isEqualTo(5);
	}

	// one of eight ends after 10 s: it did not take 80
	@Test
	void whereFewHaveEndedTheLawIsBounded() {
		Work work = work(sums(8, 0, 0, 8, 0), sums(9, 1, 10_000, 8, 70_000));
		assertThat(work.seconds(1)).isBetween(10.0, 17.5);
	}

	@Test
	void whatRunsLongerThanWhatEndedCounts() {
		// four workers were held for the whole of it, but for four runs of 100 ms
		Work work = work(sums(4, 4, 400, 4, 0), sums(12, 12, 1_200, 4, 39_200));
		assertThat(work.seconds(5)).isEqualTo(5, within(0.1));
	}

	@Test
	void whatIsQueuedComesInTheProportionsOfWhatStarts() {
		Samples before = Samples.UNUSED.workers(4, 0, 0);
		Samples after = before.ran(100, 10, 10).queued(300, 1_000);
		Workload workload = Workload.between(mark(0, before, sums(0, 0, 0, 0, 0)),
				mark(10, after, sums(100, 100, 1_000, 0, 0)), Duration.ofSeconds(10).toNanos());
		assertThat(workload.tasks().get(NAME).perSecond()).isEqualTo(40);
	}

	@Test
	void fewFailuresAreNotMostly() {
		WorkMark.Sums none = sums(0, 0, 0, 0, 0);
		Workload one = Workload.between(mark(0, Samples.UNUSED, none),
				mark(10, Samples.UNUSED, new WorkMark.Sums(1, 1, 1, 1, 0, 0, 0)), 1_000_000_000);
		assertThat(one.mostlyFails(5)).isFalse();
		Workload nine = Workload.between(mark(0, Samples.UNUSED, none),
				mark(10, Samples.UNUSED, new WorkMark.Sums(10, 10, 10, 9, 0, 0, 0)), 1_000_000_000);
		assertThat(nine.mostlyFails(5)).isTrue();
	}

}
