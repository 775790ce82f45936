// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * The counts and sums of an executor's tasks of one name since its start.
 *
 * @param name the name
 * @param started tasks started
 * @param waited tasks started whose wait is known
 * @param waitNanos the sum of those waits
 * @param maxWaitNanos the longest of the last one to two minutes
 * @param completed tasks that ran to their end
 * @param timed those of them that were timed
 * @param failed those of them that ended with an error
 * @param runNanos the sum of the runs of those that were timed
 * @param maxRunNanos the longest of the last one to two minutes
 * @param overRun completed tasks that ran longer than their budget
 * @param sample what the sampled ones of them used, or null where none was sampled
 * @param unavailable tasks that were to be sampled on a thread that tells nothing, as
 * virtual threads do
 */
public record NamedTotals(TaskName name, long started, long waited, long waitNanos, long maxWaitNanos, long completed,
		long timed, long failed, long runNanos, long maxRunNanos, long overRun, @Nullable Sample sample,
		long unavailable) {

	/**
	 * The sum of all runs.
	 * @return nanoseconds, from the mean of those that were timed where not all were
	 */
	public long allRunNanos() {
		return (this.timed == this.completed || this.timed == 0) ? this.runNanos
				: (long) ((double) this.runNanos / this.timed * this.completed);
	}

	/**
	 * What sampled tasks used.
	 *
	 * @param tasks how many were sampled
	 * @param runNanos the sum of their runs, without what it took to look at them
	 * @param cpuNanos the sum of their CPU times
	 * @param polls how often they were put on a CPU
	 * @param allocatedBytes what they allocated, or -1 where the JVM does not tell
	 * @param overCpu those that used more CPU time than their budget
	 * @param overPolls those that were put on a CPU more often than their budget
	 */
	public record Sample(long tasks, long runNanos, long cpuNanos, long polls, long allocatedBytes, long overCpu,
			long overPolls) {

	}

}
