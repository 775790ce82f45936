package io.github.executormetrics.task;

/**
 * A task that runs.
 *
 * @param thread the thread that runs it
 * @param task the task, as it was handed over
 * @param ageNanos for how long it runs
 */
public record RunningTask(Thread thread, Object task, long ageNanos) {

	private static final Object UNSEEN = new Object();

	/**
	 * What a thread runs whose tasks are not seen.
	 * @param thread the thread
	 * @return a task without an age
	 */
	public static RunningTask unseen(Thread thread) {
		return new RunningTask(thread, UNSEEN, 0);
	}

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
		return (this.task != UNSEEN) ? TaskNaming.describe(this.task) : "unseen";
	}

}
