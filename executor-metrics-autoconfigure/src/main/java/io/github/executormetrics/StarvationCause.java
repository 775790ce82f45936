package io.github.executormetrics;

import java.util.Locale;

/**
 * Why an executor starves, the gravest first.
 *
 * @since 0.1.0
 */
public enum StarvationCause {

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
	DELAYED;

	/**
	 * The cause as a tag value.
	 * @return the lower case name
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT);
	}

}
