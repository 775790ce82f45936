// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The decision to count tasks as cancelled that left the queue of an executor unseen.
 * Proposed by the watch, and withdrawn if one of the tasks starts or is cancelled before
 * it is confirmed: one compare-and-set decides between the two, so that no task is
 * counted by both.
 */
final class LostTasks {

	private static final int PROPOSED = 0;

	private static final int CONFIRMED = 1;

	private static final int WITHDRAWN = 2;

	private final AtomicInteger state = new AtomicInteger(PROPOSED);

	private final long until;

	private final boolean others;

	private final long othersUntil;

	/**
	 * Creates a proposal.
	 * @param before the tasks that were given up before, or null if there are none
	 * @param until the {@link System#nanoTime()} until which the tasks were submitted
	 */
	LostTasks(@Nullable LostTasks before, long until) {
		this.until = until;
		this.others = before != null;
		this.othersUntil = (before != null) ? before.until : 0;
	}

	/**
	 * Whether a task was given up. If that is not decided yet, it is decided that it was
	 * not.
	 * @param submittedAt the {@link System#nanoTime()} at which the task was submitted
	 * @return whether it is counted as cancelled already
	 */
	boolean contains(long submittedAt) {
		if (this.others && submittedAt - this.othersUntil <= 0) {
			return true;
		}
		return submittedAt - this.until <= 0 && !withdraw();
	}

	/**
	 * Gives the tasks up, unless the proposal was withdrawn.
	 * @return whether they are to be counted as cancelled
	 */
	boolean confirm() {
		return this.state.compareAndSet(PROPOSED, CONFIRMED);
	}

	/**
	 * Withdraws the proposal, unless it was confirmed.
	 * @return whether the tasks are not given up
	 */
	boolean withdraw() {
		return this.state.compareAndSet(PROPOSED, WITHDRAWN) || this.state.get() == WITHDRAWN;
	}

}
