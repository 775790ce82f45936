// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how many tasks were refused in a row.
 */
class RefusedBurstsTests {

	private final RefusedBursts bursts = new RefusedBursts();

	private long now = System.nanoTime();

	private void refuse(int tasks, Duration apart) {
		for (int i = 0; i < tasks; i++) {
			this.now += apart.toNanos();
			this.bursts.refused(this.now);
		}
	}

	@Test
	void theLongestRowCounts() {
		assertThat(this.bursts.longest()).isZero();
		refuse(16, Duration.ofMillis(2));
		this.now += Duration.ofMillis(100).toNanos();
		refuse(40, Duration.ofMillis(2));
		this.now += Duration.ofMillis(100).toNanos();
		refuse(16, Duration.ofMillis(2));
		assertThat(this.bursts.longest()).isEqualTo(40);
	}

	@Test
	void singleRefusalsAreNoRow() {
		refuse(100, Duration.ofMillis(21));
		assertThat(this.bursts.longest()).isOne();
	}

	@Test
	void afterItIsForgottenItBeginsAnew() {
		refuse(40, Duration.ofMillis(2));
		this.bursts.forget();
		this.now += Duration.ofSeconds(1).toNanos();
		refuse(3, Duration.ofMillis(2));
		assertThat(this.bursts.longest()).isEqualTo(3);
	}

	// ten minutes of a hundred a second are no burst of 60,000
	@Test
	void whatGoesOnIsNoRow() {
		refuse(60_000, Duration.ofMillis(10));
		assertThat(this.bursts.longest()).isEqualTo(201);
	}

	// two threads that read the clock in one order and count in the other
	@Test
	void aRefusalOfAMomentBeforeGoesOnWithTheRow() {
		refuse(5, Duration.ofMillis(2));
		this.bursts.refused(this.now - 1_000);
		this.bursts.refused(this.now);
		assertThat(this.bursts.longest()).isEqualTo(7);
	}

}
