package io.github.executormetrics.watch;

/**
 * Means and maxima over the window.
 *
 * @param seconds what the window covers by now
 * @param waits tasks started in it
 * @param meanWaitNanos their mean wait
 * @param maxWaitNanos their longest wait
 * @param runs tasks completed in it
 * @param meanRunNanos their mean run
 * @param maxRunNanos their longest run
 * @param utilization busy worker time over worker time, 0 to 1
 */
public record WindowSnapshot(double seconds, long waits, long meanWaitNanos, long maxWaitNanos, long runs,
		long meanRunNanos, long maxRunNanos, double utilization) {

	static final WindowSnapshot EMPTY = new WindowSnapshot(0, 0, 0, 0, 0, 0, 0, 0);

}
