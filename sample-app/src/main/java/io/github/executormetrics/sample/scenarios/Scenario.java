// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.scenarios;

/**
 * A trouble that can be made.
 */
enum Scenario {

	/** Far more mails at once than its workers can send: DELAYED, then OVERLOADED. */
	BURST("mailExecutor"),

	/** The mail server takes a second for a mail: DELAYED and BLOCKED. */
	SLOW_DOWNSTREAM("mailExecutor"),

	/** More calls to partners than the bounded pool can take: REJECTING. */
	FLOOD("partnerExecutor"),

	/** Both workers of the reports are held while reports queue: STALLED. */
	STALL("reportExecutor"),

	/**
	 * Both workers wait for parts of their reports that only they could work on:
	 * DEADLOCKED.
	 */
	DEADLOCK("reportExecutor");

	private final String executor;

	Scenario(String executor) {
		this.executor = executor;
	}

	/**
	 * The executor that suffers.
	 * @return its bean name
	 */
	String executor() {
		return this.executor;
	}

}
