// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.TaskRecorder;

/**
 * Finds a task in the queue of a pool by the object that its user knows. A queue compares
 * what it is asked for with what it contains, and never the other way round.
 */
final class SearchedTask implements Runnable {

	private final Object task;

	private @Nullable Runnable found;

	SearchedTask(Object task) {
		this.task = task;
	}

	/**
	 * Remove a task from a queue and count it as taken out.
	 * @param task what the user looks for
	 * @param queue what removes it from the queue
	 * @param recorder the executor's recorder
	 * @return whether it was there
	 */
	static boolean remove(Object task, Predicate<SearchedTask> queue, TaskRecorder recorder) {
		SearchedTask sought = new SearchedTask(task);
		boolean removed = queue.test(sought);
		if (removed && sought.found != null) {
			recorder.takenOut(sought.found);
		}
		return removed;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		if (other instanceof Runnable queued && (this.task == queued || this.task.equals(MeteredTask.unwrap(queued)))) {
			this.found = queued;
			return true;
		}
		return false;
	}

	@Override
	public int hashCode() {
		return this.task.hashCode();
	}

	@Override
	public void run() {
		throw new UnsupportedOperationException("This task is only a search key");
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

}
