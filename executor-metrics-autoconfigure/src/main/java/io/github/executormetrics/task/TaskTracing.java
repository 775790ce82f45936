// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * Carries the context of whoever submits a task to the thread that runs it, and may put a
 * span around the run. Implementations are called for each task and may throw: the
 * recorder keeps that from the task.
 */
public interface TaskTracing {

	/**
	 * Take the context of the current thread, which submits a task.
	 * @return the context, or null where there is none
	 */
	@Nullable Object capture();

	/**
	 * Bring the context to the current thread, which is to run the task.
	 * @param executor the name of the executor
	 * @param task the name of the task
	 * @param context what {@link #capture()} gave, null for a run that nobody submitted
	 * @param waitNanos how long the task waited, negative where nobody knows
	 * @return what to close once it ran, or null where there is nothing to
	 */
	@Nullable Scope enter(String executor, String task, @Nullable Object context, long waitNanos);

	/**
	 * What surrounds a run.
	 */
	@FunctionalInterface
	interface Scope {

		/**
		 * Leave the context, on the thread that entered it.
		 * @param failure the error that the task ended with, or null
		 */
		void close(@Nullable Throwable failure);

	}

}
