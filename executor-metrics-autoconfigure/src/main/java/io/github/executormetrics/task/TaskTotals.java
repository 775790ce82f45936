// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * The counts and sums of an executor's tasks since its start, as they stood at one
 * instant.
 *
 * @param submitted tasks accepted or started
 * @param succeeded tasks that ended without an error
 * @param failed tasks that ended with an error
 * @param cancelled tasks accepted and never started
 * @param started tasks started
 * @param waited tasks started whose wait is known
 * @param waitNanos the sum of those waits
 * @param timed tasks completed whose run was timed
 * @param runNanos the sum of those runs
 * @param running tasks that run now
 * @param seen those of them whose age is known
 * @param runningNanos the sum of the ages of those seen
 * @param oldestRunningNanos the age of the oldest of them, which it has at least where
 * there are more than the table of slots holds
 */
public record TaskTotals(long submitted, long succeeded, long failed, long cancelled, long started, long waited,
		long waitNanos, long timed, long runNanos, int running, int seen, long runningNanos, long oldestRunningNanos) {

	/**
	 * Those of an executor that has had no task.
	 */
	public static final TaskTotals NONE = new Builder().build(0);

	/**
	 * Tasks that ran to their end.
	 * @return with and without an error
	 */
	public long completed() {
		return this.succeeded + this.failed;
	}

	/**
	 * Tasks submitted and neither completed nor cancelled.
	 * @return never negative
	 */
	public long active() {
		return this.submitted - completed() - this.cancelled;
	}

	static final class Builder {

		private long submitted;

		private long succeeded;

		private long failed;

		private long waited;

		private long waitless;

		private long waitNanos;

		private long timed;

		private long runNanos;

		private int running;

		private int seen;

		private long runningNanos;

		private long oldestRunningNanos;

		void completed(long succeeded, long failed, long timed, long runNanos) {
			this.succeeded += succeeded;
			this.failed += failed;
			this.timed += timed;
			this.runNanos += runNanos;
		}

		void submitted(long submitted) {
			this.submitted += submitted;
		}

		void started(long waited, long waitless, long waitNanos) {
			this.waited += waited;
			this.waitless += waitless;
			this.waitNanos += waitNanos;
		}

		void running(long age) {
			this.running++;
			this.seen++;
			this.runningNanos += age;
			this.oldestRunningNanos = Math.max(this.oldestRunningNanos, age);
		}

		void running(long tasks, long ageAtLeast) {
			this.running += (int) tasks;
			this.seen += (int) tasks;
			this.runningNanos += tasks * ageAtLeast;
			this.oldestRunningNanos = Math.max(this.oldestRunningNanos, ageAtLeast);
		}

		TaskTotals build(long cancelled) {
			// a worker may have finished what its submitter has not counted yet
			long known = Math.max(this.submitted, this.succeeded + this.failed + cancelled);
			return new TaskTotals(known, this.succeeded, this.failed, cancelled, this.waited + this.waitless,
					this.waited, this.waitNanos, this.timed, this.runNanos, this.running, this.seen, this.runningNanos,
					this.oldestRunningNanos);
		}

	}

}
