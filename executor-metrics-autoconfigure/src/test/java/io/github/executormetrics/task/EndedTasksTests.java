// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of which task a thread ran at an instant.
 */
class EndedTasksTests {

	private static final TaskName FIRST = new TaskName("first", 1);

	private static final TaskName SECOND = new TaskName("second", 2);

	private final EndedTasks ended = new EndedTasks();

	@Test
	void whenAThreadRanATaskThenItIsFoundWithinItsTimeOnly() {
		this.ended.add(7, FIRST, 100, 200);
		assertThat(this.ended.find(7, 100)).isEqualTo(FIRST);
		assertThat(this.ended.find(7, 200)).isEqualTo(FIRST);
		assertThat(this.ended.find(7, 99)).isNull();
		// what it runs since is told by its slot, and was taken for the one before
		assertThat(this.ended.find(7, 201)).isNull();
	}

	@Test
	void whenAnotherTakesThePlaceThenTheFirstIsNotFound() {
		this.ended.add(7, FIRST, 100, 200);
		this.ended.add(7 + 1024, SECOND, 100, 200);
		assertThat(this.ended.find(7, 150)).isNull();
		assertThat(this.ended.find(7 + 1024, 150)).isEqualTo(SECOND);
	}

}
