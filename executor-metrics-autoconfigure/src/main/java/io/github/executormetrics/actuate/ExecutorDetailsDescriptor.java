// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ForkJoinFigures;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.FiguresByName;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskBudget;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.WindowSnapshot;

/**
 * One executor with more detail.
 *
 * @param name its bean name
 * @param executor what the list shows of it
 * @param window what means and maxima cover
 * @param running what runs now
 * @param threads the threads that work for it, left out where none is known
 * @param rejected tasks refused since the start, by what became of them
 * @param incidents how often each cause was raised since the start
 * @param limits what it is judged by
 * @param budget how much its tasks may use, and how many used more
 * @param tasksByName its tasks by their names
 * @param forkJoin what a fork/join pool tells of itself, left out for others
 * @param pinned which of them were pinned, left out where none runs on a virtual thread
 * @since 0.1.0
 */
public record ExecutorDetailsDescriptor(String name, @JsonUnwrapped ExecutorDescriptor executor,
		WindowDescriptor window, RunningDescriptor running, @Nullable ThreadsDescriptor threads,
		Map<String, Long> rejected, Map<String, Long> incidents, LimitsDescriptor limits,
		@Nullable BudgetDescriptor budget, @Nullable TasksByNameDescriptor tasksByName,
		@Nullable ForkJoinFigures forkJoin, @Nullable PinnedDescriptor pinned) implements OperationResponseBody {

	static ExecutorDetailsDescriptor of(MonitoredExecutor executor, ExecutorWatch watch, boolean showStacks) {
		ExecutorReport report = watch.report(executor);
		Map<String, Long> rejected = new LinkedHashMap<>();
		for (Handling handling : Handling.values()) {
			rejected.put(handling.tag(), executor.recorder().rejected(handling));
		}
		Map<String, Long> incidents = new LinkedHashMap<>();
		for (StarvationCause cause : StarvationCause.values()) {
			incidents.put(cause.name(), executor.incidentCount(cause));
		}
		boolean seen = executor.coverage() == Coverage.TASKS;
		return new ExecutorDetailsDescriptor(executor.name(), ExecutorDescriptor.of(executor, watch, showStacks, true),
				WindowDescriptor.of(report.window()), RunningDescriptor.of(executor, watch, showStacks),
				ThreadsDescriptor.of(executor, showStacks), rejected, incidents, LimitsDescriptor.of(report.limits()),
				seen ? BudgetDescriptor.of(executor.recorder().byName()) : null,
				seen ? TasksByNameDescriptor.of(executor.recorder().byName()) : null, executor.forkJoin(),
				PinnedDescriptor.of(executor.pinned(), showStacks));
	}

	/**
	 * What means and maxima cover.
	 *
	 * @param seconds how long it is by now
	 * @param started tasks started in it
	 * @param completed tasks completed in it
	 * @param utilization busy worker time over worker time, 0 to 1
	 */
	public record WindowDescriptor(double seconds, long started, long completed, double utilization) {

		static WindowDescriptor of(WindowSnapshot window) {
			return new WindowDescriptor(Math.round(window.seconds() * 1000) / 1000.0, window.started(),
					window.completed(), Math.round(window.utilization() * 1000) / 1000.0);
		}

	}

	/**
	 * What runs now.
	 *
	 * @param tasks how many
	 * @param oldestMillis for how long the oldest of them
	 * @param oldest those that run for the longest time, at most 20, the oldest first
	 */
	public record RunningDescriptor(int tasks, double oldestMillis, List<RunningTaskDescriptor> oldest) {

		private static final int AT_MOST = 20;

		static RunningDescriptor of(MonitoredExecutor executor, ExecutorWatch watch, boolean showThreads) {
			long now = System.nanoTime();
			TaskTotals totals = executor.recorder().totals(now);
			return new RunningDescriptor(totals.running(), ExecutorDescriptor.millis(totals.oldestRunningNanos()),
					executor.recorder()
						.runningTasks(now)
						.stream()
						.sorted(Comparator.comparingLong(RunningTask::ageNanos).reversed())
						.limit(AT_MOST)
						.map((task) -> RunningTaskDescriptor.of(task, showThreads, watch.isResident(executor, task)))
						.toList());
		}

	}

	/**
	 * A task that runs now.
	 *
	 * @param task its name
	 * @param thread the name of its thread, left out where stacks are not shown
	 * @param ageMillis for how long it runs
	 * @param resident that it is there to stay, as the loop of a listener is: it started
	 * with the application, or none of its name has ever ended well; left out for all
	 * others
	 */
	public record RunningTaskDescriptor(String task, @Nullable String thread, double ageMillis,
			@Nullable Boolean resident) {

		private static RunningTaskDescriptor of(RunningTask running, boolean showThread, boolean resident) {
			return new RunningTaskDescriptor(running.name().value(), showThread ? running.threadName() : null,
					ExecutorDescriptor.millis(running.ageNanos()), resident ? true : null);
		}

	}

	/**
	 * How much a task may use, unless something else is set for its name.
	 *
	 * @param runMillis how long it may run, left out where that is not looked at
	 * @param cpuMillis how much CPU time it may use, if it is sampled
	 * @param polls how often it may be put on a CPU, if it is sampled
	 * @param exhausted how many used more, by what they used
	 */
	public record BudgetDescriptor(@Nullable Long runMillis, @Nullable Long cpuMillis, @Nullable Integer polls,
			Map<String, Object> exhausted) {

		static BudgetDescriptor of(FiguresByName figures) {
			TaskBudget budget = figures.budget();
			return new BudgetDescriptor(millis(budget.run()), millis(budget.cpu()), budget.polls(),
					TasksByNameDescriptor.exhausted(figures));
		}

		private static @Nullable Long millis(@Nullable Duration duration) {
			return (duration != null) ? duration.toMillis() : null;
		}

	}

	/**
	 * What the executor is judged by.
	 *
	 * @param meanWaitMillis the mean wait
	 * @param meanRunMillis the mean run
	 * @param activeTasks how many may be active
	 * @param rejectedTasksPerTick how many refused in a tick are a fault
	 * @param stallMillis for how long none may start
	 * @param stuckMillis for how long a single task may run
	 * @param samples how many must have started for their mean to count
	 * @param droppedShare which share may be dropped without an exception
	 */
	public record LimitsDescriptor(long meanWaitMillis, long meanRunMillis, int activeTasks, int rejectedTasksPerTick,
			long stallMillis, long stuckMillis, int samples, double droppedShare) {

		static LimitsDescriptor of(ExecutorLimits limits) {
			return new LimitsDescriptor(limits.meanWait().toMillis(), limits.meanRun().toMillis(), limits.active(),
					limits.rejected(), limits.stall().toMillis(), limits.stuck().toMillis(), limits.samples(),
					limits.droppedShare());
		}

	}

}
