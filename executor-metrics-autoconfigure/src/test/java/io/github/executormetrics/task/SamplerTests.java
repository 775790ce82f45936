// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Sampler}.
 */
class SamplerTests {

	@Test
	void whenOneInSoManyIsPickedThenSoManyAreAtDifferentIntervals() {
		Sampler sampler = new Sampler(64);
		int picked = 0;
		int last = 0;
		int longest = 0;
		int shortest = Integer.MAX_VALUE;
		for (int i = 1; i <= 64_000; i++) {
			if (sampler.picks()) {
				picked++;
				longest = Math.max(longest, i - last);
				shortest = Math.min(shortest, i - last);
				last = i;
			}
		}
		// 1,000 expected, with a deviation of 18
		assertThat(picked).isBetween(890, 1_110);
		assertThat(longest).isBetween(100, 127);
		assertThat(shortest).isBetween(1, 20);
	}

	@Test
	void whenAllOrNoneAreToBePickedThenAllOrNoneAre() {
		Sampler all = new Sampler(1);
		Sampler none = new Sampler(0);
		for (int i = 0; i < 100; i++) {
			assertThat(all.picks()).isTrue();
			assertThat(none.picks()).isFalse();
		}
		assertThat(all.isAll()).isTrue();
		assertThat(none.isAll()).isFalse();
	}

}
