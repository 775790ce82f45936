// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

/**
 * The context that a task carries from its submission to its run.
 *
 * @param current the context of the submitter
 * @param origin the context that has to end before hand-overs are counted
 * @param users the innermost context that no task of ours has begun with
 * @param handOvers how many hand-overs were counted
 */
record Carried(Current current, Current origin, Current users, int handOvers) {

	/**
	 * How many hand-overs carry a context that has ended. Without a limit, a task that
	 * submits itself stays in the trace of the request that submitted it first.
	 */
	static final int MAX_HAND_OVERS = 3;

	/**
	 * Carry a context that was not carried to where it is.
	 * @param current the context
	 * @return what the task carries
	 */
	static Carried first(Current current) {
		return new Carried(current, current, current, current.isRunning() ? 0 : 1);
	}

}
