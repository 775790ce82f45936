// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * One collection.
 *
 * @param subject what was collected
 * @param executors of how many executors
 * @param jvm in which of the JVMs
 * @param series how many series there were
 * @param wallNanos how long it took
 * @param cpuNanos CPU time of the thread that collected
 * @param allocatedBytes what that thread allocated
 * @param centiLoad the machine's load average of the last minute, in hundredths
 */
record CollectionRound(CollectionSubject subject, int executors, int jvm, long series, long wallNanos, long cpuNanos,
		long allocatedBytes, long centiLoad) {

	static CollectionRound parse(int jvm, String line) {
		String[] words = line.split(" ");
		long[] figures = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
		return new CollectionRound(CollectionSubject.valueOf(words[0]), (int) figures[0], jvm, figures[1], figures[2],
				figures[3], figures[4], figures[5]);
	}

	String toLine() {
		return this.subject + " " + this.executors + " " + this.series + " " + this.wallNanos + " " + this.cpuNanos
				+ " " + this.allocatedBytes + " " + this.centiLoad;
	}

	String toJson() {
		return String.format(Locale.ROOT,
				"{ \"subject\": \"%s\", \"executors\": %d, \"jvm\": %d, \"series\": %d, \"wallNanos\": %d, \"cpuNanos\": %d, \"allocatedBytes\": %d, \"loadAverage\": %.2f }",
				this.subject, this.executors, this.jvm, this.series, this.wallNanos, this.cpuNanos, this.allocatedBytes,
				TrialResults.loadAverage(this.centiLoad));
	}

}
