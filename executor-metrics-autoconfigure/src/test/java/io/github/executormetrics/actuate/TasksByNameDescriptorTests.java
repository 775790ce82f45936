// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.executormetrics.actuate.TasksByNameDescriptor.TaskDescriptor;
import io.github.executormetrics.task.NamedTotals;
import io.github.executormetrics.task.NamedTotals.Sample;
import io.github.executormetrics.task.TaskName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what follows from the sampled tasks of a name.
 */
class TasksByNameDescriptorTests {

	@ParameterizedTest
	@CsvSource({ "100,100,compute-bound,1.0", "100,50,compute-bound,0.5", "100,49,waiting,0.49", "100,0,waiting,0.0" })
	void kindFollowsFromTheShareOfTimeOnACpu(long run, long cpu, String kind, double share) {
		TaskDescriptor task = TaskDescriptor.of(totals(new Sample(2, run, cpu, 7, 30, 0, 0), 0), 1_000);
		assertThat(task.kind()).isEqualTo(kind);
		assertThat(task.sampled()).isNotNull();
		assertThat(task.sampled().cpuShare()).isEqualTo(share);
		assertThat(task.sampled().meanPolls()).isEqualTo(3.5);
		assertThat(task.sampled().meanAllocatedBytes()).isEqualTo(15);
	}

	@ParameterizedTest
	@CsvSource(value = { "0,null,0", "3,unavailable,unavailable" }, nullValues = "null")
	void withoutASampleNothingIsMadeUp(long unavailable, @Nullable String kind, String exhausted) {
		TaskDescriptor task = TaskDescriptor.of(totals(null, unavailable), 1_000);
		assertThat(task.kind()).isEqualTo(kind);
		assertThat(task.sampled()).isNull();
		assertThat(task.exhausted().get("cpu")).hasToString(exhausted);
		assertThat(task.exhausted().get("polls")).hasToString(exhausted);
		assertThat(task.exhausted()).containsEntry("run", 2L);
	}

	private static NamedTotals totals(@Nullable Sample sample, long unavailable) {
		return new NamedTotals(new TaskName("mail", 1), 4, 4, 40, 20, 4, 4, 1, 400, 200, 2, sample, unavailable);
	}

}
