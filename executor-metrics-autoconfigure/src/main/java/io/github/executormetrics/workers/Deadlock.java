// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.List;

/**
 * Why an executor will never start what is queued.
 *
 * @param proven whether each worker is known to wait for a task that only the workers of
 * this closed set could run; else that is only suspected
 * @param path the executors from this one to the first that comes again
 * @param workers how many workers of the closed set wait
 * @param timedWorkers how many of them give up by themselves after a time
 * @param roomBeforeWorker how many more tasks the queue takes before one more worker is
 * started, {@link Integer#MAX_VALUE} where none ever is
 */
public record Deadlock(boolean proven, List<String> path, int workers, int timedWorkers, int roomBeforeWorker) {

	/**
	 * The deadlock in words.
	 * @return for example {@code proven: orders -> reports -> orders}
	 */
	public String describe() {
		return (this.proven ? "proven: " : "suspected: ") + String.join(" -> ", this.path);
	}

}
