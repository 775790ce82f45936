// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.Map;

/**
 * What the recorders of an application share.
 *
 * @param naming how tasks are named
 * @param timing one task in how many is timed
 * @param sampling one task in how many is looked at for CPU time, polls and allocated
 * bytes; 0 looks at none
 * @param budget how much a task may use
 * @param byExecutor what differs for the tasks of an executor, by its name
 * @param byTask what differs for tasks of a name, whatever their executor
 */
public record TaskSettings(TaskNaming naming, int timing, int sampling, TaskBudget budget,
		Map<String, TaskBudget> byExecutor, Map<String, TaskBudget> byTask) {

	/**
	 * One task in how many is sampled unless that is set.
	 */
	public static final int SAMPLING = 64;

	/**
	 * What holds where nothing is set.
	 * @return the settings of an application of its own
	 */
	public static TaskSettings defaults() {
		return new TaskSettings(new TaskNaming(TaskNaming.MAX_NAMES), 1, SAMPLING, TaskBudget.DEFAULT, Map.of(),
				Map.of());
	}

	/**
	 * Change how many tasks are timed.
	 * @param timing one task in how many
	 * @return the settings that are else the same
	 */
	public TaskSettings timing(int timing) {
		return new TaskSettings(this.naming, timing, this.sampling, this.budget, this.byExecutor, this.byTask);
	}

	TaskBudget budget(String executor, TaskName task) {
		return this.byTask.getOrDefault(task.value(), TaskBudget.UNSET).or(budget(executor));
	}

	TaskBudget budget(String executor) {
		return this.byExecutor.getOrDefault(executor, TaskBudget.UNSET).or(this.budget);
	}

}
