// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.workers.Deadlock;

/**
 * What lies between two samples of an executor: a tick, or the whole window.
 *
 * @param before the earlier sample
 * @param after the later one
 * @param stalledNanos for how long no task had started at the later one while tasks were
 * queued, 0 where one has
 * @param judgedNanos for how long before the later one waiting counts; less than an age
 * where the process was paused meanwhile
 * @param stoodStillNanos for how long the process itself stood still lately, by which the
 * look was late, too
 * @param stuckNanos for how long the oldest task runs that is stuck, 0 where none is
 * @param deadlock why no task will start, or null where that is not known
 * @param failing the names of which nearly all tasks fail
 */
record Tick(ExecutorSample before, ExecutorSample after, long stalledNanos, long judgedNanos, long stoodStillNanos,
		long stuckNanos, @Nullable Deadlock deadlock, List<FailingName> failing) {

	Tick(ExecutorSample before, ExecutorSample after, long stalledNanos, long judgedNanos, long stoodStillNanos,
			long stuckNanos, @Nullable Deadlock deadlock) {
		this(before, after, stalledNanos, judgedNanos, stoodStillNanos, stuckNanos, deadlock, List.of());
	}

	Tick with(@Nullable Deadlock deadlock) {
		return new Tick(this.before, this.after, this.stalledNanos, this.judgedNanos, this.stoodStillNanos,
				this.stuckNanos, deadlock, this.failing);
	}

	Tick since(ExecutorSample before) {
		return new Tick(before, this.after, this.stalledNanos, this.judgedNanos, this.stoodStillNanos, this.stuckNanos,
				this.deadlock, this.failing);
	}

	/**
	 * Whether nothing started, ended, was refused or dropped, and nothing runs, is queued
	 * or has failed: no tick that is quiet is bad for any cause.
	 * @return whether there is nothing to judge
	 */
	boolean isQuiet() {
		return this.after.queued() == 0 && this.after.tasks().running() == 0 && started() == 0 && completed() == 0
				&& this.after.aborted() == this.before.aborted() && dropped() == 0 && this.failing.isEmpty()
				&& this.after.ended().isEmpty();
	}

	long elapsedNanos() {
		return this.after.nanos() - this.before.nanos();
	}

	long started() {
		return this.after.tasks().started() - this.before.tasks().started();
	}

	long completed() {
		return this.after.tasks().completed() - this.before.tasks().completed();
	}

	/**
	 * Tasks that started and whose wait is known.
	 * @return the number
	 */
	long waits() {
		return this.after.tasks().waited() - this.before.tasks().waited();
	}

	long meanWaitNanos() {
		return mean(this.after.tasks().waitNanos() - this.before.tasks().waitNanos(), waits());
	}

	/**
	 * Runs that were timed: all that ended, unless only some are.
	 * @return the number
	 */
	long runs() {
		return this.after.tasks().timed() - this.before.tasks().timed();
	}

	long meanRunNanos() {
		return mean(this.after.tasks().runNanos() - this.before.tasks().runNanos(), runs());
	}

	/**
	 * The mean age of what runs at the later sample.
	 * @return nanoseconds, 0 where nothing runs
	 */
	long meanRunningNanos() {
		return mean(this.after.tasks().runningNanos(), this.after.tasks().seen());
	}

	/**
	 * The age of the oldest queued task, or what is known of it.
	 * @return nanoseconds, at most the time that counts
	 */
	long oldestQueuedNanos() {
		if (this.after.queued() == 0) {
			return 0;
		}
		// where the head of the queue tells nothing, it is at least that old
		long oldest = (this.after.oldestNanos() != ExecutorState.NONE) ? this.after.oldestNanos() : this.stalledNanos;
		return Math.min(oldest, this.judgedNanos);
	}

	long aborted() {
		return this.after.aborted() - this.before.aborted();
	}

	/**
	 * Tasks dropped without an exception.
	 * @return the number
	 */
	long dropped() {
		return this.after.dropped() - this.before.dropped();
	}

	/**
	 * Tasks that were handed over: submitted, or dropped at once.
	 * @return the number
	 */
	long handedOver() {
		return this.after.handedOver() - this.before.handedOver();
	}

	/**
	 * Tasks refused, whatever became of them.
	 * @return the number
	 */
	long rejected() {
		return this.after.rejected() - this.before.rejected();
	}

	/**
	 * Tasks that came in: those that started, those by which the queue grew, and those
	 * refused. What the submitter ran itself has started, so it is not counted twice.
	 * @return the number
	 */
	long arrivals() {
		return Math.max(0, started() + this.after.queued() - this.before.queued()) + rejected()
				- (this.after.ranByCaller() - this.before.ranByCaller());
	}

	/**
	 * For how long a task holds a worker: the mean run of those that ended, or, where
	 * what still runs is older than that, all worker time over all completions (the
	 * utilization law). That one alone would do, but for its error where few have ended.
	 * @return nanoseconds, 0 where nothing has ended
	 */
	long serviceNanos() {
		if (runs() == 0 || !isTimed() || meanRunningNanos() <= meanRunNanos()) {
			return meanRunNanos();
		}
		return busyNanos() / runs();
	}

	/**
	 * Whether all that ended was timed.
	 * @return whether sums of times are those of all tasks
	 */
	boolean isTimed() {
		return runs() == completed();
	}

	/**
	 * The time that workers spent on tasks, all added up, where they are timed.
	 * @return nanoseconds
	 */
	long busyNanos() {
		return Math.max(0, this.after.tasks().runNanos() - this.before.tasks().runNanos()
				+ this.after.tasks().runningNanos() - this.before.tasks().runningNanos());
	}

	long submitted() {
		return this.after.tasks().submitted() - this.before.tasks().submitted();
	}

	private static long mean(long sum, long count) {
		return (count > 0) ? Math.max(0, sum) / count : 0;
	}

}
