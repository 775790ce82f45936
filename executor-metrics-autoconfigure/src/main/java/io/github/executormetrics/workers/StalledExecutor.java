// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * An executor that starts nothing while tasks are queued, as one look found it.
 *
 * @param name its name
 * @param waits what each of its workers does
 * @param roomBeforeWorker how many more tasks its queue takes before one more worker is
 * started, {@link Integer#MAX_VALUE} where none ever is, negative where one would be or
 * nobody knows
 */
record StalledExecutor(String name, List<WorkerWait> waits, int roomBeforeWorker) {

	/**
	 * What a worker does.
	 *
	 * @param waiting whether it waits for another thread at all
	 * @param timed whether it gives up by itself after a time
	 * @param at the executor that has what it waits for, in its queue or in the hands of
	 * one of its workers, or null where that is not known
	 * @param submittedTo the executors where tasks that its task submitted are queued or
	 * run
	 */
	record WorkerWait(boolean waiting, boolean timed, @Nullable String at, Set<String> submittedTo) {

	}

}
