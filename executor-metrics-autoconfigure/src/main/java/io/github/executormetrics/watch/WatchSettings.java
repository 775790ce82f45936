// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.Map;

import io.github.executormetrics.ExecutorLimits;

/**
 * How the watch looks and what it holds against what it sees.
 *
 * @param interval the time between two looks
 * @param window the time that shown means and maxima cover
 * @param grace for how long after the start nothing is judged
 * @param raiseAfter bad ticks in a row until a cause is raised
 * @param clearAfter good ticks in a row until it is cleared
 * @param logInterval the shortest time between two lines of one cause about one executor
 * @param limits the limits of each executor that has not its own
 * @param overrides the limits of single executors, by name
 */
public record WatchSettings(Duration interval, Duration window, Duration grace, int raiseAfter, int clearAfter,
		Duration logInterval, ExecutorLimits limits, Map<String, ExecutorLimits> overrides) {

	/**
	 * The limits of an executor.
	 * @param name its name
	 * @return its own, or those of all
	 */
	public ExecutorLimits limits(String name) {
		return this.overrides.getOrDefault(name, this.limits);
	}

	int ticksInWindow() {
		return (int) Math.max(1, this.window.toNanos() / this.interval.toNanos());
	}

}
