// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.Locale;

/**
 * What became of a task that an executor refused.
 */
public enum Handling {

	/**
	 * The submitter got an exception.
	 */
	ABORTED,

	/**
	 * It was dropped.
	 */
	DISCARDED,

	/**
	 * It took the place of the oldest queued task, which was dropped.
	 */
	DISCARDED_OLDEST,

	/**
	 * The submitting thread ran it.
	 */
	CALLER_RUNS,

	/**
	 * A handler of the user's took it.
	 */
	CUSTOM;

	/**
	 * The handling as a tag value.
	 * @return the lower case name with dashes
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
