// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * Something of ours that may stand in an executor's queue.
 */
public interface Queued {

	/**
	 * The submitter where nobody submitted the task, as no thread has this id.
	 */
	int NOBODY = 0;

	/**
	 * When it was submitted.
	 * @return the {@link System#nanoTime()} of its submission
	 */
	long submittedAt();

	/**
	 * The thread that submitted it.
	 * @return what {@link #submitter(Thread)} gives for it
	 */
	int submitter();

	/**
	 * What is kept of a thread with each task that it submits.
	 * @param thread the thread
	 * @return the half of its id that tells it from any other for four billion threads
	 */
	static int submitter(Thread thread) {
		return (int) Threads.id(thread);
	}

	/**
	 * Who counts it.
	 * @return the recorder of the executor that it was handed to
	 */
	TaskRecorder recorder();

	/**
	 * Whether it waits for a worker or runs on one, so that a thread that waits for it
	 * goes on no sooner than that worker does.
	 * @return whether it was handed over and has not ended
	 */
	boolean isPending();

}
