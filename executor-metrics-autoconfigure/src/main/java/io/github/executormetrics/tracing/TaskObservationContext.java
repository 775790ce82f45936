package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;

/**
 * What is known of the run of a task when its span is made.
 *
 * @since 0.1.0
 */
public final class TaskObservationContext extends Observation.Context {

	private final String executor;

	private final String task;

	private final long waitNanos;

	private boolean completed;

	TaskObservationContext(String executor, String task, long waitNanos) {
		this.executor = executor;
		this.task = task;
		this.waitNanos = waitNanos;
	}

	/**
	 * The executor that runs the task.
	 * @return its bean name
	 */
	public String getExecutor() {
		return this.executor;
	}

	/**
	 * What the task is called, one of a bounded number of names.
	 * @return its name
	 */
	public String getTask() {
		return this.task;
	}

	/**
	 * How long the task waited before it started.
	 * @return nanoseconds, negative where nobody knows
	 */
	public long getWaitNanos() {
		return this.waitNanos;
	}

	/**
	 * Whether the task has ended without an error.
	 * @return false while it runs, too
	 */
	public boolean isCompleted() {
		return this.completed;
	}

	void completed() {
		this.completed = true;
	}

}
