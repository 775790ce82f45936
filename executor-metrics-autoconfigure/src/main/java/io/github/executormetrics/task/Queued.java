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
	 * Whether a thread that waits for it waits for a worker of the given recorder's
	 * executor: it was handed over and has not started.
	 * @param recorder an executor's recorder
	 * @return whether it waits there
	 */
	boolean isWaitingAt(TaskRecorder recorder);

}
