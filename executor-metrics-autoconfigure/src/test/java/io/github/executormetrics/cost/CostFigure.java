// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/**
 * What is counted of a task, and how often it was so far. Called by the classes that
 * {@link CountingAgent} has changed; one thread at a time runs, so that nothing is lost.
 */
public enum CostFigure {

	/**
	 * Bytes allocated by the submitting thread and the worker.
	 */
	BYTES,

	/**
	 * Bytecode instructions executed in this project.
	 */
	OWN_INSTRUCTIONS,

	/**
	 * Bytecode instructions executed in Micrometer, the Prometheus client and Spring.
	 */
	LIBRARY_INSTRUCTIONS,

	/**
	 * Calls from this project into Micrometer: one for each value recorded.
	 */
	MICROMETER_CALLS,

	/**
	 * Reads of a clock, by this project or by Micrometer.
	 */
	CLOCK_READS,

	/**
	 * Atomic updates: compare-and-set and the like, and adders.
	 */
	ATOMIC_UPDATES;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final long[] COUNTS = new long[values().length];

	/**
	 * Count something.
	 * @param figure the ordinal of what
	 * @param times how often
	 */
	public static void add(int figure, int times) {
		COUNTS[figure] += times;
	}

	/**
	 * Read a clock that stands still, so that each task takes the same path, whatever its
	 * time.
	 * @return the time
	 */
	public static long time() {
		COUNTS[CLOCK_READS.ordinal()]++;
		return 1_000_000_000_000L;
	}

	/**
	 * What was counted so far.
	 * @return for bytes, those of the current thread
	 */
	long count() {
		return (this == BYTES) ? THREADS.getCurrentThreadAllocatedBytes() : COUNTS[ordinal()];
	}

}
