package io.github.executormetrics.monitor;

import io.github.executormetrics.task.TaskTotals;

/**
 * Everything known of an executor at one instant.
 *
 * @param nanos the {@link System#nanoTime()} of the sample
 * @param tasks counts and sums since the start
 * @param started tasks started since the start, or {@link ExecutorState#NONE} where
 * nobody counts them; to be compared only where tasks were queued at both samples
 * @param aborted tasks refused with an exception since the start
 * @param rejected tasks refused in any way since the start
 * @param ranByCaller those of them that the submitter ran itself, so that they started
 * @param busy workers that run a task
 * @param idle workers that wait for one
 * @param limit how many workers may run, or {@link ExecutorState#NONE}
 * @param queued tasks that could start and have not
 * @param capacity what the queue can hold, or {@link ExecutorState#NONE}
 * @param oldestNanos the age of the oldest of them, or {@link ExecutorState#NONE}
 */
public record ExecutorSample(long nanos, TaskTotals tasks, long started, long aborted, long rejected, long ranByCaller,
		int busy, int idle, int limit, int queued, int capacity, long oldestNanos) {

	/**
	 * The same sample at another time, up to which nothing has happened.
	 * @param nanos the {@link System#nanoTime()} of the sample
	 * @return the sample at that time
	 */
	public ExecutorSample at(long nanos) {
		return new ExecutorSample(nanos, this.tasks, this.started, this.aborted, this.rejected, this.ranByCaller,
				this.busy, this.idle, this.limit, this.queued, this.capacity, this.oldestNanos);
	}

	/**
	 * The same sample, where the age of the oldest queued task is known otherwise.
	 * @param oldestNanos what it is at least, or {@link ExecutorState#NONE}
	 * @return the sample with that age
	 */
	public ExecutorSample withOldest(long oldestNanos) {
		return new ExecutorSample(this.nanos, this.tasks, this.started, this.aborted, this.rejected, this.ranByCaller,
				this.busy, this.idle, this.limit, this.queued, this.capacity, oldestNanos);
	}

	/**
	 * Tasks that run or could start, whoever tells.
	 * @return the larger of what was counted and what the executor tells
	 */
	public long active() {
		return Math.max(this.tasks.active(), (long) this.busy + this.queued);
	}

}
