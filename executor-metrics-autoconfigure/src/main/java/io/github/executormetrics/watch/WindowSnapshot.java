package io.github.executormetrics.watch;

/**
 * Means and maxima over the window.
 *
 * @param seconds what the window covers by now
 * @param started tasks started in it
 * @param meanWaitNanos the mean wait of those that were timed
 * @param maxWaitNanos their longest wait
 * @param completed tasks completed in it
 * @param meanRunNanos the mean run of those that were timed
 * @param maxRunNanos their longest run
 * @param utilization busy worker time over worker time, 0 to 1
 */
public record WindowSnapshot(double seconds, long started, long meanWaitNanos, long maxWaitNanos, long completed,
		long meanRunNanos, long maxRunNanos, double utilization) {

	static final WindowSnapshot EMPTY = new WindowSnapshot(0, 0, 0, 0, 0, 0, 0, 0);

}
