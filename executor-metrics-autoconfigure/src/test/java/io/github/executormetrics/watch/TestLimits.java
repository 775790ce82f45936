// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;

import io.github.executormetrics.ExecutorLimits;

/**
 * The limits that the stories of these tests are told against.
 */
final class TestLimits {

	static final ExecutorLimits DEFAULTS = new ExecutorLimits(Duration.ofMillis(100), Duration.ofMillis(50), 1000, 1,
			Duration.ofSeconds(5), Duration.ofSeconds(60), 5, 0.05);

	private TestLimits() {
	}

}
