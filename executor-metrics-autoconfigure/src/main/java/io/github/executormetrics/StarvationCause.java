// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.Locale;

/**
 * Why an executor starves, the gravest first, and what else is wrong with its tasks.
 *
 * @since 0.1.0
 */
public enum StarvationCause {

	/**
	 * Tasks are queued, and every worker waits for what only these workers could run.
	 */
	DEADLOCKED,

	/**
	 * Tasks are queued, every worker is busy and none has started for the limit.
	 */
	STALLED,

	/**
	 * Tasks are refused with an exception.
	 */
	REJECTING,

	/**
	 * More tasks are in the executor than the limit, and they queue.
	 */
	OVERLOADED,

	/**
	 * Tasks wait longer than the limit, and the workers are held by long runs.
	 */
	BLOCKED,

	/**
	 * Tasks wait longer than the limit.
	 */
	DELAYED,

	/**
	 * A task runs longer than the limit. One task's trouble: alone it is no starvation.
	 */
	STUCK,

	/**
	 * Tasks are dropped without an exception. Their submitters do not know, but the
	 * executor does not starve.
	 */
	DROPPING,

	/**
	 * Nearly all tasks of a name end with an error.
	 */
	FAILING,

	/**
	 * A periodic task of a {@code ScheduledExecutorService} ended with an error and will
	 * not run again.
	 */
	ENDED;

	/**
	 * Whether tasks wait for want of a worker.
	 * @return whether an executor with this cause starves
	 */
	public boolean isStarvation() {
		return compareTo(STUCK) < 0;
	}

	/**
	 * The cause as a tag value.
	 * @return the lower case name
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT);
	}

}
