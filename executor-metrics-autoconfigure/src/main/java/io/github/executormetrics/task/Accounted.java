// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * A task that carries its one state. The state decides who counts: whoever moves it does.
 */
interface Accounted {

	/**
	 * Handed to the executor, not known yet to be accepted.
	 */
	int NEW = 0;

	/**
	 * Accepted by the executor and counted as submitted.
	 */
	int ACCEPTED = 1;

	/**
	 * Started by a worker, counted as submitted.
	 */
	int RUNNING = 2;

	/**
	 * Ran to its end.
	 */
	int DONE = 3;

	/**
	 * Accepted and never started.
	 */
	int CANCELLED = 4;

	/**
	 * Refused by the executor; not counted as submitted.
	 */
	int REFUSED = 5;

	/**
	 * Not handed to an executor itself, so that whoever carries it is counted instead.
	 */
	int DORMANT = 6;

	int state();

	/**
	 * When it was submitted.
	 * @return the {@link System#nanoTime()} of its submission
	 */
	long submittedAt();

	boolean moveState(int expected, int next);

}
