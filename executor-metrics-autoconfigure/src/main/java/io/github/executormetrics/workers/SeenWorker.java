// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.RunningTask;

/**
 * A worker as one look found it.
 *
 * @param task what it runs
 * @param state the state of its thread
 * @param frames its stack, innermost first
 * @param blocker what its thread waited at then, or null where that is not known
 */
record SeenWorker(RunningTask task, Thread.State state, List<StackTraceElement> frames, @Nullable Object blocker) {

	/**
	 * Whether a worker is still in the task in which it was seen.
	 * @param running what the worker runs now
	 * @return whether it is the same run
	 */
	boolean isIn(RunningTask running) {
		return running.isSameRun(this.task);
	}

}
