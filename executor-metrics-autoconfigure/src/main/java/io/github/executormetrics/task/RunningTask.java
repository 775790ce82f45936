package io.github.executormetrics.task;

/**
 * A task that runs.
 *
 * @param thread the thread that runs it
 * @param task the task, as it was handed over
 * @param ageNanos for how long it runs
 */
public record RunningTask(Thread thread, Object task, long ageNanos) {

	/**
	 * The id of its thread.
	 * @return the id
	 */
	public long threadId() {
		return WorkerSlots.threadId(this.thread);
	}

}
