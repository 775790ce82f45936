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

}
