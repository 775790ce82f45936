// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

/**
 * What an executor tells of its workers, read at once.
 *
 * @param busy workers that run a task
 * @param idle workers that wait for one
 * @param started tasks started so far, or {@link ExecutorState#NONE}; to be compared only
 * where tasks were queued at both instants
 */
public record WorkerFigures(int busy, int idle, long started) {

	static final WorkerFigures ZERO = new WorkerFigures(0, 0, 0);

	/**
	 * Add those of another instance.
	 * @param other the others
	 * @return the sums, each {@link ExecutorState#NONE} where one of them does not know
	 */
	WorkerFigures plus(WorkerFigures other) {
		return new WorkerFigures((int) sum(this.busy, other.busy), (int) sum(this.idle, other.idle),
				sum(this.started, other.started));
	}

	private static long sum(long one, long other) {
		return (one != ExecutorState.NONE && other != ExecutorState.NONE) ? one + other : ExecutorState.NONE;
	}

}
