// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.HashMap;
import java.util.Map;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.FiguresByName;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskName;
import io.github.executormetrics.workers.ProcessCpu;

/**
 * What an executor's tasks had come to at an instant, name by name: two of them tell the
 * {@link Workload} in between.
 *
 * @param sample what was read of the executor then
 * @param tasks counts and sums since the start, by name
 * @param processNanos the CPU time of the process, negative where nobody tells
 */
record WorkMark(ExecutorSample sample, Map<TaskName, Sums> tasks, long processNanos) {

	static WorkMark of(MonitoredExecutor executor, ExecutorSample sample) {
		FiguresByName figures = executor.recorder().byName();
		Map<TaskName, Long> running = new HashMap<>();
		Map<TaskName, Integer> tasksRunning = new HashMap<>();
		for (RunningTask task : executor.recorder().runningTasks(sample.nanos())) {
			running.merge(task.name(), task.ageNanos(), Long::sum);
			tasksRunning.merge(task.name(), 1, Integer::sum);
		}
		Map<TaskName, Sums> tasks = new HashMap<>();
		for (TaskName name : figures.names()) {
			// ends first: what ends meanwhile has started
			long timed = figures.timed(name);
			long stopped = figures.stopped(name);
			tasks.put(name,
					new Sums(figures.started(name), timed, figures.completed(name), figures.failed(name) - stopped,
							figures.runNanos(name), tasksRunning.getOrDefault(name, 0),
							running.getOrDefault(name, 0L)));
		}
		return new WorkMark(sample, tasks, ProcessCpu.nanos());
	}

	/**
	 * The counts and sums of one name.
	 *
	 * @param started tasks started
	 * @param timed tasks that ended and were timed
	 * @param completed tasks that ended
	 * @param failed those of them that ended with an error, and were not stopped
	 * @param runNanos for how long those ran that were timed
	 * @param running tasks that run
	 * @param runningNanos their ages, added up
	 */
	record Sums(long started, long timed, long completed, long failed, long runNanos, int running, long runningNanos) {

		static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0);

	}

}
