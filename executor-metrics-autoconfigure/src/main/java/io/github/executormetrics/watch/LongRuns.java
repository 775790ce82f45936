// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;
import java.util.function.LongSupplier;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.FiguresByName;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskTotals;

/**
 * Tells the tasks that are stuck from those that run for the life of the application,
 * such as the loop of a listener. A task is compared with the earlier runs of its name:
 * one whose name has never completed without an error, or that started with the
 * application, is resident.
 */
final class LongRuns {

	// the mean of what has run before: an import that always takes an hour is not stuck
	private static final int TIMES_MEAN = 3;

	private final MonitoredExecutor executor;

	private final long limit;

	private final LongSupplier started;

	/**
	 * Create the long runs of an executor.
	 * @param executor the executor
	 * @param limit for how long a task may run, in nanoseconds
	 * @param started the {@link System#nanoTime()} at which the application had started
	 */
	LongRuns(MonitoredExecutor executor, long limit, LongSupplier started) {
		this.executor = executor;
		this.limit = limit;
		this.started = started;
	}

	/**
	 * For how long the oldest task runs that is stuck. Of those that are too many to be
	 * told one by one, only the age of the oldest is known, and no name to compare it by.
	 * @param tasks what is counted of them
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return nanoseconds, 0 where none is
	 */
	long stuckNanos(TaskTotals tasks, long nanos) {
		List<RunningTask> running = this.executor.recorder().runningTasks(nanos);
		long known = running.stream().mapToLong(RunningTask::ageNanos).max().orElse(0);
		long oldest = tasks.oldestRunningNanos();
		if (tasks.running() > running.size() && oldest > known && nanos - oldest - this.started.getAsLong() >= 0) {
			return oldest;
		}
		return running.stream().filter(this::isStuck).mapToLong(RunningTask::ageNanos).max().orElse(0);
	}

	/**
	 * The tasks that are stuck.
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return those that run, in no order
	 */
	List<RunningTask> stuck(long nanos) {
		return this.executor.recorder().runningTasks(nanos).stream().filter(this::isStuck).toList();
	}

	private boolean isStuck(RunningTask task) {
		if (task.ageNanos() <= this.limit || isResident(task)) {
			return false;
		}
		FiguresByName figures = this.executor.recorder().byName();
		long timed = figures.timed(task.name());
		return timed == 0 || task.ageNanos() / TIMES_MEAN > figures.runNanos(task.name()) / timed;
	}

	/**
	 * Whether a task that runs for longer than the limit is there to stay.
	 * @param task a task that runs
	 * @return whether it started with the application, or none of its name has ever ended
	 * well
	 */
	boolean isResident(RunningTask task) {
		FiguresByName figures = this.executor.recorder().byName();
		// a loop that ended with an error was started again
		return task.ageNanos() > this.limit && (task.startNanos() - this.started.getAsLong() < 0
				|| figures.completed(task.name()) <= figures.failed(task.name()));
	}

}
