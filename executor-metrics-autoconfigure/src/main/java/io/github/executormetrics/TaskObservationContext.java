// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import io.micrometer.observation.Observation;

/**
 * The context of the observation of a task's run: its executor, its name and its wait.
 *
 * @since 0.1.0
 */
public final class TaskObservationContext extends Observation.Context {

	private final String executor;

	private final String task;

	private final long waitNanos;

	private boolean completed;

	/**
	 * Creates the context of a run that starts.
	 * @param executor the bean name of the executor
	 * @param task the name of the task
	 * @param waitNanos how long the task waited, in nanoseconds; negative if unknown
	 */
	public TaskObservationContext(String executor, String task, long waitNanos) {
		this.executor = executor;
		this.task = task;
		this.waitNanos = waitNanos;
	}

	/**
	 * Returns the bean name of the executor that runs the task.
	 * @return the bean name
	 */
	public String getExecutor() {
		return this.executor;
	}

	/**
	 * Returns the name of the task, one of a bounded number of names.
	 * @return the name
	 */
	public String getTask() {
		return this.task;
	}

	/**
	 * Returns how long the task waited before it started.
	 * @return nanoseconds, negative if unknown
	 */
	public long getWaitNanos() {
		return this.waitNanos;
	}

	/**
	 * Returns whether the task has ended without an error.
	 * @return whether it has; false while it runs
	 */
	public boolean isCompleted() {
		return this.completed;
	}

	/**
	 * Sets whether the task has ended without an error.
	 * @param completed whether it has
	 */
	public void setCompleted(boolean completed) {
		this.completed = completed;
	}

}
