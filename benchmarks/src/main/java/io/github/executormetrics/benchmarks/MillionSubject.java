// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * What runs a million virtual threads.
 */
enum MillionSubject {

	/**
	 * Spring's executor as it is.
	 */
	BARE,

	/**
	 * The same, decorated, with its meters bound and the watch running.
	 */
	METERED,

	/**
	 * As it is, while JFR tells of pinned virtual threads.
	 */
	BARE_RECORDED,

	/**
	 * Decorated, while JFR tells of pinned virtual threads.
	 */
	METERED_RECORDED;

	boolean isMetered() {
		return this == METERED || this == METERED_RECORDED;
	}

	boolean isRecorded() {
		return this == BARE_RECORDED || this == METERED_RECORDED;
	}

	/**
	 * The same without metering.
	 * @return what to compare with
	 */
	MillionSubject bare() {
		return isRecorded() ? BARE_RECORDED : BARE;
	}

}
