// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * Where waits and runs are timed. Implementations are called on the worker for each task
 * and may throw: the recorder keeps that from the task.
 */
public interface TaskTimers {

	/**
	 * Times nowhere.
	 */
	TaskTimers NONE = new TaskTimers() {

		@Override
		public void recordWait(long nanos) {
		}

		@Override
		public void recordRun(long nanos, boolean failed) {
		}

		@Override
		public void recordPolls(long polls) {
		}

	};

	/**
	 * Take how long a task waited.
	 * @param nanos the wait in nanoseconds, never negative
	 */
	void recordWait(long nanos);

	/**
	 * Take how long a task ran.
	 * @param nanos the run in nanoseconds, never negative
	 * @param failed whether it ended with an error
	 */
	void recordRun(long nanos, boolean failed);

	/**
	 * Take how often a sampled task was put on a CPU.
	 * @param polls 1, and one more for each time its thread blocked or waited
	 */
	void recordPolls(long polls);

}
