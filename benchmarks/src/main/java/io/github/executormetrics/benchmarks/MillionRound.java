// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Locale;

/**
 * A million virtual threads at once, from the first submission to the end of the last.
 *
 * @param tasks how many were in flight at once
 * @param startNanos from the first submission until all were in flight
 * @param endNanos from their release until all had ended
 * @param cpuNanos CPU time of the process meanwhile, collections while in flight left out
 * @param heapBytes what they held while in flight, after a collection
 * @param centiLoad the machine's load average of the last minute, in hundredths
 */
record MillionRound(int tasks, long startNanos, long endNanos, long cpuNanos, long heapBytes, long centiLoad) {

	static MillionRound parse(String[] figures) {
		return new MillionRound(Integer.parseInt(figures[0]), Long.parseLong(figures[1]), Long.parseLong(figures[2]),
				Long.parseLong(figures[3]), Long.parseLong(figures[4]), Long.parseLong(figures[5]));
	}

	String toLine() {
		return this.tasks + " " + this.startNanos + " " + this.endNanos + " " + this.cpuNanos + " " + this.heapBytes
				+ " " + this.centiLoad;
	}

	double tasksPerSecond() {
		return this.tasks * 1e9 / (this.startNanos + this.endNanos);
	}

	double cpuMicrosPerTask() {
		return this.cpuNanos / 1e3 / this.tasks;
	}

	double bytesPerTask() {
		return (double) this.heapBytes / this.tasks;
	}

	String toJson() {
		return String.format(Locale.ROOT,
				"{ \"tasksPerSecond\": %.0f, \"startNanos\": %d, \"endNanos\": %d, \"cpuMicrosPerTask\": %.3f, \"heapBytesPerTask\": %.1f, \"loadAverage\": %.2f }",
				tasksPerSecond(), this.startNanos, this.endNanos, cpuMicrosPerTask(), bytesPerTask(),
				this.centiLoad / 100.0);
	}

}
