// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Locale;

/**
 * What the heap holds while tasks are queued, bare and decorated.
 *
 * @param subject where they are queued
 * @param bareBytes what a task holds, bare
 * @param meteredBytes what a task holds, decorated
 * @param centiLoad the machine's load average of the last minute, in hundredths
 */
record QueuedRound(QueuedSubject subject, double bareBytes, double meteredBytes, long centiLoad) {

	static QueuedRound parse(String line) {
		String[] words = line.split(" ");
		return new QueuedRound(QueuedSubject.valueOf(words[0]), Double.parseDouble(words[1]),
				Double.parseDouble(words[2]), Long.parseLong(words[3]));
	}

	String toLine() {
		return this.subject + " " + this.bareBytes + " " + this.meteredBytes + " " + this.centiLoad;
	}

	double moreBytes() {
		return this.meteredBytes - this.bareBytes;
	}

	String toJson() {
		return String.format(Locale.ROOT,
				"{ \"subject\": \"%s\", \"bareBytes\": %.3f, \"meteredBytes\": %.3f, \"loadAverage\": %.2f }",
				this.subject, this.bareBytes, this.meteredBytes, TrialResults.loadAverage(this.centiLoad));
	}

}
