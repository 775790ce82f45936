// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

/**
 * Means and maxima over the window.
 *
 * @param seconds what the window covers by now
 * @param started tasks started in it
 * @param waits those of them whose wait is known
 * @param meanWaitNanos the mean of these waits, 0 where there is none
 * @param maxWaitNanos their longest wait
 * @param completed tasks completed in it
 * @param runs those of them that were timed
 * @param meanRunNanos the mean of these runs, 0 where there is none
 * @param maxRunNanos their longest run
 * @param utilization busy worker time over worker time, 0 to 1
 */
public record WindowSnapshot(double seconds, long started, long waits, long meanWaitNanos, long maxWaitNanos,
		long completed, long runs, long meanRunNanos, long maxRunNanos, double utilization) {

	static final WindowSnapshot EMPTY = new WindowSnapshot(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

}
