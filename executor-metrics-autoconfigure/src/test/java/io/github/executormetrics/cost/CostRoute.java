// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

import org.springframework.core.task.AsyncTaskExecutor;

/**
 * The ways of a task, and what each costs more than on the bare executor: allocated
 * bytes, instructions of this project, instructions of libraries, calls into Micrometer,
 * clock reads and atomic updates, all as {@link CostFigure} says. Exact, so that a saving
 * is noticed as well: write down here what the tests have found.
 */
enum CostRoute {

	// @formatter:off
	DIRECT_EXECUTE(CostKind.DIRECT, CostRoute::execute, 40, 893, 698, 2, 7, 7),
	POOL_EXECUTE(CostKind.POOL, CostRoute::execute, 40, 925, 698, 2, 7, 10),
	POOL_SUBMIT_RUNNABLE(CostKind.POOL, CostRoute::submitRunnable, 24, 970, 698, 2, 7, 11),
	POOL_SUBMIT_CALLABLE(CostKind.POOL, CostRoute::submitCallable, 24, 967, 698, 2, 7, 11),
	TASK_EXECUTOR_EXECUTE(CostKind.TASK_EXECUTOR, CostRoute::execute, 40, 925, 698, 2, 7, 10),
	TASK_EXECUTOR_SUBMIT_RUNNABLE(CostKind.TASK_EXECUTOR, CostRoute::submitRunnable, 24, 970, 698, 2, 7, 11),
	TASK_EXECUTOR_SUBMIT_CALLABLE(CostKind.TASK_EXECUTOR, CostRoute::submitCallable, 24, 967, 698, 2, 7, 11),
	OWN_TASK_EXECUTOR_EXECUTE(CostKind.OWN_TASK_EXECUTOR, CostRoute::execute, 40, 925, 698, 2, 7, 10),
	OWN_TASK_EXECUTOR_SUBMIT_RUNNABLE(CostKind.OWN_TASK_EXECUTOR, CostRoute::submitRunnable, 24, 970, 698, 2, 7, 11),
	OWN_TASK_EXECUTOR_SUBMIT_CALLABLE(CostKind.OWN_TASK_EXECUTOR, CostRoute::submitCallable, 24, 967, 698, 2, 7, 11),
	SIMPLE_ASYNC_EXECUTE(CostKind.SIMPLE_ASYNC, CostRoute::execute, 40, 966, 707, 2, 7, 10),
	SIMPLE_ASYNC_SUBMIT_RUNNABLE(CostKind.SIMPLE_ASYNC, CostRoute::submitRunnable, 24, 1012, 700, 2, 7, 11),
	SIMPLE_ASYNC_SUBMIT_CALLABLE(CostKind.SIMPLE_ASYNC, CostRoute::submitCallable, 24, 1009, 701, 2, 7, 11),
	FORK_JOIN_EXECUTE(CostKind.FORK_JOIN, CostRoute::execute, 40, 932, 698, 2, 7, 10),
	FORK_JOIN_SUBMIT_RUNNABLE(CostKind.FORK_JOIN, CostRoute::submitRunnable, 56, 936, 698, 2, 7, 10),
	FORK_JOIN_SUBMIT_CALLABLE(CostKind.FORK_JOIN, CostRoute::submitCallable, 56, 902, 698, 2, 7, 10),

	// each task is sampled
	SAMPLED_POOL_EXECUTE(CostKind.POOL, CostRoute::execute, 392, 1158, 1035, 3, 10, 18),

	// no task is timed
	UNTIMED_DIRECT_EXECUTE(CostKind.DIRECT, CostRoute::execute, 40, 599, 0, 0, 1, 1),
	UNTIMED_POOL_EXECUTE(CostKind.POOL, CostRoute::execute, 40, 631, 0, 0, 1, 4),

	// last, since from the first scope on each task looks for one
	NAMED_DIRECT_EXECUTE(CostKind.DIRECT, CostRoute::execute, 72, 987, 698, 2, 7, 7),
	NAMED_POOL_EXECUTE(CostKind.POOL, CostRoute::execute, 40, 952, 698, 2, 7, 10),
	NAMED_POOL_SUBMIT_RUNNABLE(CostKind.POOL, CostRoute::submitRunnable, 24, 997, 698, 2, 7, 11);
	// @formatter:on

	private final CostKind kind;

	private final Handing handing;

	private final TaskCost cost;

	CostRoute(CostKind kind, Handing handing, int bytes, int ownInstructions, int libraryInstructions,
			int micrometerCalls, int clockReads, int atomicUpdates) {
		this.kind = kind;
		this.handing = handing;
		this.cost = new TaskCost(bytes, ownInstructions, libraryInstructions, micrometerCalls, clockReads,
				atomicUpdates);
	}

	CostKind kind() {
		return this.kind;
	}

	TaskCost cost() {
		return this.cost;
	}

	boolean isSampled() {
		return name().startsWith("SAMPLED_");
	}

	boolean isUntimed() {
		return name().startsWith("UNTIMED_");
	}

	boolean isNamed() {
		return name().startsWith("NAMED_");
	}

	<T extends Runnable & Callable<Object>> void hand(T task, Executor executor) {
		this.handing.hand(executor, task, task);
	}

	private static void execute(Executor executor, Runnable task, Callable<Object> callable) {
		executor.execute(task);
	}

	private static void submitRunnable(Executor executor, Runnable task, Callable<Object> callable) {
		if (executor instanceof ExecutorService service) {
			service.submit(task);
		}
		else {
			((AsyncTaskExecutor) executor).submit(task);
		}
	}

	private static void submitCallable(Executor executor, Runnable task, Callable<Object> callable) {
		if (executor instanceof ExecutorService service) {
			service.submit(callable);
		}
		else {
			((AsyncTaskExecutor) executor).submit(callable);
		}
	}

	interface Handing {

		void hand(Executor executor, Runnable task, Callable<Object> callable);

	}

}
