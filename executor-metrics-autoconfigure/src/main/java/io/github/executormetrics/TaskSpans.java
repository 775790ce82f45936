// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

/**
 * Which tasks get a span of their own.
 *
 * @since 0.1.0
 */
public enum TaskSpans {

	/**
	 * None: what they do shows as if who submitted them had done it.
	 */
	OFF,

	/**
	 * Those submitted, or run, within a trace.
	 */
	CHILD_ONLY,

	/**
	 * All, those outside of any trace in one of their own.
	 */
	ALWAYS

}
