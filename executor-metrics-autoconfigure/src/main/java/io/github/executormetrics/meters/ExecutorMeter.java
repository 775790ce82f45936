// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Every meter of this library. What stands here is public contract.
 *
 * @since 0.1.0
 */
public enum ExecutorMeter {

	/**
	 * Tasks accepted or started.
	 */
	TASK_SUBMITTED("executor.task.submitted", Type.COUNTER, null, "Tasks accepted by the executor", "name"),

	/**
	 * Tasks that ran to their end.
	 */
	TASK_COMPLETED("executor.task.completed", Type.COUNTER, null, "Tasks that ended, by outcome", "name", "outcome"),

	/**
	 * Tasks refused.
	 */
	TASK_REJECTED("executor.task.rejected", Type.COUNTER, null, "Rejected tasks, by how the rejection was handled",
			"name", "handling"),

	/**
	 * Tasks accepted and never started.
	 */
	TASK_CANCELLED("executor.task.cancelled", Type.COUNTER, null, "Tasks that were accepted and never started", "name"),

	/**
	 * From submission, or the due time, to start.
	 */
	TASK_WAIT("executor.task.wait", Type.TIMER, "seconds", "Time from submission, or from the due time, to start",
			"name"),

	/**
	 * From start to end.
	 */
	TASK_RUN("executor.task.run", Type.TIMER, "seconds", "Time from start to end, including blocking", "name",
			"outcome"),

	/**
	 * Tasks submitted and not finished.
	 */
	TASK_ACTIVE("executor.task.active", Type.GAUGE, null, "Tasks that are submitted and not finished", "name"),

	/**
	 * Waits by the names of tasks.
	 */
	TASK_BY_NAME_WAIT("executor.task.by.name.wait", Type.FUNCTION_TIMER, "seconds",
			"Time from submission, or from the due time, to start, by task name", "name", "task"),

	/**
	 * The longest of them.
	 */
	TASK_BY_NAME_WAIT_MAX("executor.task.by.name.wait.max", Type.TIME_GAUGE, "seconds",
			"Longest wait in the last one to two minutes, by task name", "name", "task"),

	/**
	 * Runs by the names of tasks.
	 */
	TASK_BY_NAME_RUN("executor.task.by.name.run", Type.FUNCTION_TIMER, "seconds",
			"Time from start to end, including blocking, by task name", "name", "task"),

	/**
	 * The longest of them.
	 */
	TASK_BY_NAME_RUN_MAX("executor.task.by.name.run.max", Type.TIME_GAUGE, "seconds",
			"Longest run that ended in the last one to two minutes, by task name", "name", "task"),

	/**
	 * Errors by the names of tasks.
	 */
	TASK_BY_NAME_ERRORS("executor.task.by.name.errors", Type.COUNTER, null,
			"Tasks that ended with an error, by task name", "name", "task"),

	/**
	 * Tasks that used more than their budget.
	 */
	TASK_BUDGET_EXHAUSTED("executor.task.budget.exhausted", Type.COUNTER, null,
			"Tasks that exceeded their budget. All tasks are checked for run time, sampled tasks for CPU time and polls",
			"name", "budget"),

	/**
	 * How often sampled tasks were put on a CPU.
	 */
	TASK_POLLS("executor.task.polls", Type.SUMMARY, null,
			"CPU turns of a sampled task: 1 + the times its thread blocked or waited", "name"),

	/**
	 * Tasks that kept their carrier while they blocked.
	 */
	TASK_PINNED("executor.task.pinned", Type.COUNTER, null,
			"Times a task blocked for 20 ms or more while its virtual thread kept the carrier", "name"),

	/**
	 * Workers that run a task.
	 */
	WORKER_BUSY("executor.worker.busy", Type.GAUGE, null, "Workers that run a task", "name"),

	/**
	 * Workers that wait for a task.
	 */
	WORKER_IDLE("executor.worker.idle", Type.GAUGE, null, "Workers that wait for a task", "name"),

	/**
	 * How many workers may run at once.
	 */
	WORKER_LIMIT("executor.worker.limit", Type.GAUGE, null, "Workers that can run at once, or NaN if there is no limit",
			"name"),

	/**
	 * Threads that have started to work. No name may end in "created": Prometheus keeps
	 * that for itself, and shows nothing of such a counter.
	 */
	WORKER_STARTED("executor.worker.started", Type.COUNTER, null, "Threads that started to work for the executor",
			"name"),

	/**
	 * Threads that work no more.
	 */
	WORKER_ENDED("executor.worker.ended", Type.COUNTER, null, "Threads that stopped working for the executor", "name"),

	/**
	 * How often a worker began to wait.
	 */
	WORKER_PARK("executor.worker.park", Type.COUNTER, null, "Times a worker began to wait, for a task or within a task",
			"name"),

	/**
	 * How often it went on.
	 */
	WORKER_UNPARK("executor.worker.unpark", Type.COUNTER, null,
			"Times a worker ended a wait, for a task or within a task", "name"),

	/**
	 * How often a worker was blocked.
	 */
	WORKER_BLOCKED("executor.worker.blocked", Type.COUNTER, null, "Times a worker was blocked at a monitor", "name"),

	/**
	 * The CPU time of the workers.
	 */
	WORKER_CPU("executor.worker.cpu", Type.COUNTER, "seconds", "CPU time of the workers", "name"),

	/**
	 * What the workers of a fork/join pool took from queues other than their own.
	 */
	WORKER_STEALS("executor.worker.steals", Type.COUNTER, null,
			"Tasks that workers of a fork/join pool took from a queue other than their own", "name"),

	/**
	 * Tasks queued, sampled by the watch.
	 */
	QUEUE_DEPTH("executor.queue.depth", Type.SUMMARY, null, "Tasks that are queued and could start, sampled each tick",
			"name"),

	/**
	 * What the queue can hold.
	 */
	QUEUE_CAPACITY("executor.queue.capacity", Type.GAUGE, null,
			"Tasks that the queue can hold, or NaN if it is unbounded", "name"),

	/**
	 * The age of the oldest queued task.
	 */
	QUEUE_OLDEST("executor.queue.oldest", Type.TIME_GAUGE, "seconds",
			"Age of the oldest task that is queued and could start", "name"),

	/**
	 * Busy worker time over worker time.
	 */
	UTILIZATION("executor.utilization", Type.GAUGE, null,
			"Busy worker time over worker time in the last window, 0 to 1", "name"),

	/**
	 * CPU time over worker time.
	 */
	UTILIZATION_CPU("executor.utilization.cpu", Type.GAUGE, null,
			"CPU time of the workers over worker time in the last window, 0 to 1", "name"),

	/**
	 * Whether the executor starves.
	 */
	STARVED("executor.starved", Type.GAUGE, null, "1 while the executor starves, otherwise 0", "name"),

	/**
	 * How often a cause was raised.
	 */
	STARVATION_INCIDENTS("executor.starvation.incidents", Type.COUNTER, null, "Times a cause was raised, by cause",
			"name", "cause"),

	/**
	 * Looks of the watch.
	 */
	WATCH_TICKS("executor.watch.ticks", Type.COUNTER, null, "Ticks of the watch"),

	/**
	 * How late the watch was.
	 */
	WATCH_LATE("executor.watch.late", Type.TIMER, "seconds", "Lateness of the ticks of the watch");

	private final String meterName;

	private final Type type;

	private final @Nullable String unit;

	private final String description;

	private final List<String> tags;

	ExecutorMeter(String meterName, Type type, @Nullable String unit, String description, String... tags) {
		this.meterName = meterName;
		this.type = type;
		this.unit = unit;
		this.description = description;
		this.tags = List.of(tags);
	}

	public String meterName() {
		return this.meterName;
	}

	public Type type() {
		return this.type;
	}

	/**
	 * The unit as exported to Prometheus.
	 * @return the unit, or null for a plain number
	 */
	public @Nullable String unit() {
		return this.unit;
	}

	public String description() {
		return this.description;
	}

	public List<String> tags() {
		return this.tags;
	}

	/**
	 * What kind of meter it is, as Micrometer names them.
	 */
	public enum Type {

		/**
		 * A number that only grows.
		 */
		COUNTER,

		/**
		 * Durations with buckets.
		 */
		TIMER,

		/**
		 * Durations, counted and summed up.
		 */
		FUNCTION_TIMER,

		/**
		 * Numbers with buckets.
		 */
		SUMMARY,

		/**
		 * A number that rises and falls.
		 */
		GAUGE,

		/**
		 * A duration that rises and falls.
		 */
		TIME_GAUGE

	}

}
