// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * What a task is made to cost more, to prove that the figures tell of it. It stands in
 * the recorder's own path, at the end of each task, and is counted as code of this
 * project.
 */
enum CostPlant {

	/**
	 * An object of 16 bytes.
	 */
	ALLOCATION(new TaskCost(16, CostPlant.INSTRUCTIONS, 0, 0, 0, 0)) {
		@Override
		Runnable in(MeterRegistry registry) {
			return () -> kept = new Object();
		}
	},

	/**
	 * One more value in the timer of runs: half of what a task costs more where it is
	 * timed.
	 */
	TIMER_RECORD(new TaskCost(0, CostPlant.INSTRUCTIONS, 349, 1, 2, 3)) {
		@Override
		Runnable in(MeterRegistry registry) {
			Timer runs = registry.get("executor.task.run").timer();
			return () -> runs.record(0, TimeUnit.NANOSECONDS);
		}
	};

	/**
	 * One route for each way to count: on the submitter's thread, on a worker, and on a
	 * thread for each task.
	 */
	static final List<CostRoute> ROUTES = List.of(CostRoute.DIRECT_EXECUTE, CostRoute.POOL_EXECUTE,
			CostRoute.SIMPLE_ASYNC_EXECUTE);

	// the call, and what is called
	private static final int INSTRUCTIONS = 8;

	// so that it escapes
	private static volatile Object kept;

	private final TaskCost cost;

	CostPlant(TaskCost cost) {
		this.cost = cost;
	}

	/**
	 * What it makes a task cost more.
	 * @return the difference
	 */
	TaskCost cost() {
		return this.cost;
	}

	/**
	 * Make what is to be called at the end of each task.
	 * @param registry where the executor's meters are
	 * @return what to call
	 */
	abstract Runnable in(MeterRegistry registry);

}
