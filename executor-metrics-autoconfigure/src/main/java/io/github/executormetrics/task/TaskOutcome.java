// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture.AsynchronousCompletionTask;

import org.jspecify.annotations.Nullable;

/**
 * What came of a task that a completable future carries: its error goes into the future,
 * and is seen nowhere else. Written and read by the thread that runs the task.
 */
public final class TaskOutcome {

	private @Nullable Throwable failure;

	/**
	 * Note the error of a task.
	 * @param <V> the type of the result
	 * @param task the user's task
	 * @return the task to give to the future
	 */
	public <V extends @Nullable Object> Callable<V> of(Callable<V> task) {
		return () -> {
			try {
				return task.call();
			}
			catch (Throwable ex) {
				this.failure = ex;
				throw ex;
			}
		};
	}

	/**
	 * Note the error of a task.
	 * @param task the user's task
	 * @return the task to give to the future
	 */
	public Runnable of(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				this.failure = ex;
				throw ex;
			}
		};
	}

	/**
	 * Let what the future hands to its executor tell of the outcome.
	 * @param completion what the future hands over
	 * @param task the user's task
	 * @return what to hand over in its place
	 */
	public Runnable toldBy(Runnable completion, Object task) {
		return new Completion(completion, task, this);
	}

	/**
	 * What a completable future hands to its executor.
	 */
	static final class Completion implements Runnable, AsynchronousCompletionTask, HiddenFailure {

		private final Runnable delegate;

		private final Object task;

		private final TaskOutcome outcome;

		Completion(Runnable delegate, Object task, TaskOutcome outcome) {
			this.delegate = delegate;
			this.task = task;
			this.outcome = outcome;
		}

		@Override
		public void run() {
			this.delegate.run();
		}

		Object task() {
			return this.task;
		}

		@Override
		public @Nullable Throwable failure() {
			return this.outcome.failure;
		}

		@Override
		public String toString() {
			return this.delegate.toString();
		}

	}

}
