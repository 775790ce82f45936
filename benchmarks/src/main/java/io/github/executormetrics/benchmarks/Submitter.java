// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * What the context of a submitter holds, and for how long.
 */
public enum Submitter {

	/**
	 * An observation with a span, in which the submitter waits for its tasks.
	 */
	WAITS,

	/**
	 * The same with baggage.
	 */
	WAITS_WITH_BAGGAGE,

	/**
	 * An observation with a span, which the submitter has left when the tasks start, as a
	 * request has that answers before its tasks are done.
	 */
	LEAVES

}
