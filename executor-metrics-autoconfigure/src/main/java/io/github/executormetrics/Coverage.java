// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

/**
 * How much of an executor's work is seen.
 *
 * @since 0.1.0
 */
public enum Coverage {

	/**
	 * Every task is counted and timed.
	 */
	TASKS,

	/**
	 * Only what the executor itself tells is known: workers and queue.
	 */
	STATE,

	/**
	 * Nothing is known and the verdict is {@code UNKNOWN}, or the tasks are counted at
	 * another executor: the reason says why, or where.
	 */
	NONE

}
