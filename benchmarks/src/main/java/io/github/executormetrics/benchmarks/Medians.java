// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * The median of a subject's iterations in a round, or in one draw from it; no number
 * where the run has none.
 */
interface Medians {

	/**
	 * Time of one task.
	 * @param benchmark class and method
	 * @param subject the subject
	 * @return nanoseconds
	 */
	double nanos(String benchmark, Subject subject);

	/**
	 * Memory allocated by all threads for one task.
	 * @param benchmark class and method
	 * @param subject the subject
	 * @return bytes
	 */
	double bytes(String benchmark, Subject subject);

	default double addedNanos(String benchmark, Subject subject) {
		return nanos(benchmark, subject) - nanos(benchmark, Subject.BARE);
	}

	default double addedBytes(String benchmark, Subject subject) {
		return bytes(benchmark, subject) - bytes(benchmark, Subject.BARE);
	}

	default double ratio(String benchmark, Subject subject, Subject other) {
		return nanos(benchmark, subject) / nanos(benchmark, other);
	}

}
