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

	/**
	 * What to call its thread.
	 * @return its name, or its id where it is a virtual thread without a name
	 */
	public String threadName() {
		String name = this.thread.getName();
		return !name.isEmpty() ? name : "#" + threadId();
	}

	/**
	 * What to call it.
	 * @return the name, never what a user's {@code toString} says
	 */
	public String name() {
		return TaskNaming.describe(this.task);
	}

}
