// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * What the watch's thread used up in one round.
 *
 * @param ticks how often it looked
 * @param wallNanos how long the round took
 * @param cpuNanos CPU time of the thread
 * @param maxLookCpuNanos CPU time of its dearest look
 * @param allocatedBytes what it allocated
 * @param stacksTaken how often it took the stacks of an executor's workers
 * @param collections garbage collections of the whole JVM
 * @param collectionMillis how long they took
 * @param centiLoad the machine's load average of the last minute, in hundredths
 */
record WatchRound(long ticks, long wallNanos, long cpuNanos, long maxLookCpuNanos, long allocatedBytes,
		long stacksTaken, long collections, long collectionMillis, long centiLoad) {

	/**
	 * Read what {@link #toLine()} wrote.
	 * @param line the line
	 * @return the round
	 */
	static WatchRound parse(String line) {
		long[] figures = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
		return new WatchRound(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5], figures[6],
				figures[7], figures[8]);
	}

	String toLine() {
		return this.ticks + " " + this.wallNanos + " " + this.cpuNanos + " " + this.maxLookCpuNanos + " "
				+ this.allocatedBytes + " " + this.stacksTaken + " " + this.collections + " " + this.collectionMillis
				+ " " + this.centiLoad;
	}

	/**
	 * CPU time over wall time.
	 * @return percent of one core
	 */
	double percent() {
		return 100.0 * this.cpuNanos / this.wallNanos;
	}

	double microsPerLook() {
		return this.cpuNanos / 1e3 / this.ticks;
	}

	double kilobytesPerLook() {
		return this.allocatedBytes / 1e3 / this.ticks;
	}

	String toJson() {
		return String.format(Locale.ROOT,
				"{ \"percentOfOneCore\": %.5f, \"looks\": %d, \"wallNanos\": %d, \"cpuNanos\": %d, \"maxLookCpuNanos\": %d, "
						+ "\"allocatedBytes\": %d, \"stacksTaken\": %d, \"collections\": %d, \"collectionMillis\": %d, \"loadAverage\": %.2f }",
				percent(), this.ticks, this.wallNanos, this.cpuNanos, this.maxLookCpuNanos, this.allocatedBytes,
				this.stacksTaken, this.collections, this.collectionMillis, this.centiLoad / 100.0);
	}

}
