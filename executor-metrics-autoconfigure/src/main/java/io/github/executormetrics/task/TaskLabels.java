// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * Labels the tasks of an executor on the threads that submit them, and brings what the
 * labels carry to the threads that run them.
 */
final class TaskLabels {

	// instead of the context of a task that is Reactor's
	private static final Object LEFT = new Object();

	private final String executor;

	private final TaskNaming naming;

	private volatile @Nullable GuardedTracing tracing;

	private volatile boolean contextCarried;

	TaskLabels(String executor, TaskNaming naming) {
		this.executor = executor;
		this.naming = naming;
	}

	void tracing(TaskTracing tracing) {
		this.tracing = new GuardedTracing(tracing);
	}

	void contextCarried() {
		this.contextCarried = true;
	}

	/**
	 * Find the name of a task whose class is known to be all that tells it, and to keep
	 * no outcome.
	 * @param task the user's task
	 * @return its name unless something else is said on this thread, or null where its
	 * class is not known so
	 */
	@Nullable TaskName find(Object task) {
		return this.naming.find(task.getClass());
	}

	/**
	 * Label a task that was found, on the thread that submits it.
	 * @param known what {@link #find} gave
	 * @return what it carries
	 */
	TaskLabel of(TaskName known) {
		return TaskLabel.of(this.naming, known, capture());
	}

	/**
	 * Label a task on the thread that submits it.
	 * @param task the user's task
	 * @return what it carries: its name, and the context of this thread where there is
	 * any
	 */
	TaskLabel of(Object task) {
		return TaskLabel.of(this.naming, task, (this.tracing != null) ? capture(task) : null);
	}

	/**
	 * Label a task that nobody submits yet, or that runs again and again.
	 * @param task the user's task
	 * @return what it carries, without a context
	 */
	TaskLabel withoutContext(Object task) {
		TaskLabel label = TaskLabel.of(this.naming, task, null);
		return (this.tracing != null) ? withoutContext(task, label) : label;
	}

	private static TaskLabel withoutContext(Object task, TaskLabel label) {
		return TaskWrappers.isReactors(task) ? new TaskLabel.Full(label.name(), LEFT, label.hidden()) : label;
	}

	/**
	 * Add the context of this thread to a label.
	 * @param label the label without one
	 * @return the label of the task that this thread submits now
	 */
	TaskLabel withContext(TaskLabel label) {
		Object context = (this.tracing != null && label.context() != LEFT) ? capture() : null;
		return (context != null) ? new TaskLabel.Full(label.name(), context, label.hidden()) : label;
	}

	private @Nullable Object capture() {
		GuardedTracing tracing = this.tracing;
		return (tracing != null && !this.contextCarried) ? tracing.capture() : null;
	}

	/**
	 * Reactor runs on its executors steps of its operators, for other subscribers than
	 * the one whose request schedules them, and carries the context itself where it is
	 * told to.
	 */
	private @Nullable Object capture(Object task) {
		return TaskWrappers.isReactors(task) ? LEFT : capture();
	}

	/**
	 * Bring what a label carries to this thread, which is to run its task.
	 * @param label the label
	 * @param wait how long the task waited in nanoseconds, negative where nobody knows
	 * @return what to close once it ran, or null where there is nothing to
	 */
	TaskTracing.@Nullable Scope enter(TaskLabel label, long wait) {
		GuardedTracing tracing = this.tracing;
		return (tracing != null && label.context() != LEFT)
				? tracing.enter(this.executor, label.name().value(), label.context(), wait) : null;
	}

	/**
	 * Leave what was entered, on the same thread.
	 * @param scope what {@link #enter} gave
	 * @param failure the error that the task ended with, or null
	 */
	void close(TaskTracing.@Nullable Scope scope, @Nullable Throwable failure) {
		GuardedTracing tracing = this.tracing;
		if (scope != null && tracing != null) {
			tracing.close(scope, failure);
		}
	}

}
