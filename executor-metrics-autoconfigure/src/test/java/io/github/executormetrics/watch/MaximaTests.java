// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the maxima of a window of three looks.
 */
class MaximaTests {

	private final Maxima maxima = new Maxima(3);

	@Test
	void whenNothingWasAddedThenZero() {
		assertThat(this.maxima.max()).isZero();
		assertThat(this.maxima.last()).isZero();
	}

	@Test
	void whenLookLeavesTheWindowThenItsMaximumDoes() {
		long[] added = { 5, 2, 7, 0, 1, 0, 0, 0 };
		long[] max = { 5, 5, 7, 7, 7, 1, 1, 0 };
		for (int i = 0; i < added.length; i++) {
			this.maxima.add(added[i]);
			assertThat(this.maxima.last()).isEqualTo(added[i]);
			assertThat(this.maxima.max()).isEqualTo(max[i]);
		}
	}

}
