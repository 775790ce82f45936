package io.github.executormetrics.task;

/**
 * Something of ours that may stand in an executor's queue.
 */
public interface Queued {

	/**
	 * When it was submitted.
	 * @return the {@link System#nanoTime()} of its submission
	 */
	long submittedAt();

	/**
	 * The id of the thread that submitted it.
	 * @return a thread's id
	 */
	long submitter();

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
