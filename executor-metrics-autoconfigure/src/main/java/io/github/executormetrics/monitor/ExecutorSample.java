// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.EndedPeriodicTask;
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
 * @param dropped tasks dropped without an exception since the start
 * @param handedOver tasks handed over since the start: submitted, or dropped at once
 * @param ended periodic tasks that ended with an error
 * @param busy workers that run a task
 * @param idle workers that wait for one
 * @param limit how many workers may run, or {@link ExecutorState#NONE}
 * @param queued tasks that could start and have not
 * @param capacity what the queue can hold, or {@link ExecutorState#NONE}
 * @param oldestNanos the age of the oldest of them, or {@link ExecutorState#NONE}
 * @param roomBeforeWorker how many more tasks the queue takes before one more worker is
 * started, {@link Integer#MAX_VALUE} where none ever is, or {@link ExecutorState#NONE}
 * where one would be, nobody knows, or nothing is queued
 * @param queuedBeforeSubmission whether what is queued was not submitted yet, so that the
 * queue tells who wants to run at once and not a backlog
 * @param sizes how many workers a pool has and may have, or null where it is none
 * @param forkJoin what a fork/join pool tells beyond that, or null where it is none
 */
public record ExecutorSample(long nanos, TaskTotals tasks, long started, long aborted, long rejected, long ranByCaller,
		long dropped, long handedOver, List<EndedPeriodicTask> ended, int busy, int idle, int limit, int queued,
		int capacity, long oldestNanos, int roomBeforeWorker, boolean queuedBeforeSubmission, @Nullable PoolSizes sizes,
		@Nullable ForkJoinFigures forkJoin) {

	/**
	 * An executor that was not read yet.
	 * @return a sample of no task and no worker
	 */
	static ExecutorSample unread() {
		return new ExecutorSample(0, TaskTotals.NONE, ExecutorState.NONE, 0, 0, 0, 0, 0, List.of(), 0, 0,
				ExecutorState.NONE, 0, ExecutorState.NONE, ExecutorState.NONE, ExecutorState.NONE, false, null, null);
	}

	/**
	 * The same sample at another time, up to which nothing has happened.
	 * @param nanos the {@link System#nanoTime()} of the sample
	 * @return the sample at that time
	 */
	public ExecutorSample at(long nanos) {
		return new ExecutorSample(nanos, this.tasks, this.started, this.aborted, this.rejected, this.ranByCaller,
				this.dropped, this.handedOver, this.ended, this.busy, this.idle, this.limit, this.queued, this.capacity,
				this.oldestNanos, this.roomBeforeWorker, this.queuedBeforeSubmission, this.sizes, this.forkJoin);
	}

	/**
	 * The same sample, where the age of the oldest queued task is known otherwise.
	 * @param oldestNanos what it is at least, or {@link ExecutorState#NONE}
	 * @return the sample with that age
	 */
	public ExecutorSample withOldest(long oldestNanos) {
		return new ExecutorSample(this.nanos, this.tasks, this.started, this.aborted, this.rejected, this.ranByCaller,
				this.dropped, this.handedOver, this.ended, this.busy, this.idle, this.limit, this.queued, this.capacity,
				oldestNanos, this.roomBeforeWorker, this.queuedBeforeSubmission, this.sizes, this.forkJoin);
	}

	/**
	 * Tasks that run or could start, whoever tells.
	 * @return the larger of what was counted and what the executor tells
	 */
	public long active() {
		return Math.max(this.tasks.active(), (long) this.busy + this.queued);
	}

}
