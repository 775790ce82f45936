// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import java.time.Duration;
import java.util.Map;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.watch.WatchSettings;

/**
 * What tests of live pools share that are watched on the system's clock.
 */
final class Live {

	private Live() {
	}

	/**
	 * Five looks a second, in place of one.
	 * @param active how many tasks may be active
	 * @param stall for how long none may start
	 * @return settings without a grace
	 */
	static WatchSettings settings(int active, Duration stall) {
		return new WatchSettings(Duration.ofMillis(200), Duration.ofSeconds(3), Duration.ZERO, 3, 5,
				Duration.ofMinutes(1), new ExecutorLimits(Duration.ofMillis(100), Duration.ofMillis(50), active, 1,
						stall, Duration.ofSeconds(60), 5, 0.05),
				Map.of());
	}

	/** The work of a task that waits. */
	static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
