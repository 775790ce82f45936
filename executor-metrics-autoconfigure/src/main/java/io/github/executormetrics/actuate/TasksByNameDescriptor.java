// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.actuate.ExecutorDescriptor.TimesDescriptor;
import io.github.executormetrics.task.FiguresByName;
import io.github.executormetrics.task.NamedTotals;
import io.github.executormetrics.task.TaskBudget;

/**
 * The tasks of an executor by their names, since its start.
 *
 * @param top the names that stand out
 * @param names what is known of each name, by the share of worker time
 * @since 0.1.0
 */
public record TasksByNameDescriptor(TopDescriptor top, Map<String, TaskDescriptor> names) {

	/**
	 * What is said of a CPU time or a number of polls on threads that do not tell.
	 */
	public static final String UNAVAILABLE = "unavailable";

	private static final int TOP = 10;

	static TasksByNameDescriptor of(FiguresByName figures) {
		long now = System.nanoTime();
		List<NamedTotals> totals = figures.names().stream().map((name) -> figures.totals(name, now)).toList();
		long workerNanos = totals.stream().mapToLong(NamedTotals::allRunNanos).sum();
		Function<NamedTotals, Number> share = (tasks) -> share(tasks.allRunNanos(), workerNanos);
		Map<String, TaskDescriptor> names = new LinkedHashMap<>();
		totals.stream()
			.sorted(Comparator.comparingLong(NamedTotals::allRunNanos).reversed())
			.forEach((tasks) -> names.put(tasks.name().value(), TaskDescriptor.of(tasks, workerNanos)));
		return new TasksByNameDescriptor(new TopDescriptor(top(totals, NamedTotals::allRunNanos, share),
				top(totals, TasksByNameDescriptor::meanWait, (tasks) -> ExecutorDescriptor.millis(meanWait(tasks))),
				top(totals, NamedTotals::failed, NamedTotals::failed)), names);
	}

	private static Map<String, Number> top(List<NamedTotals> totals, ToLongFunction<NamedTotals> by,
			Function<NamedTotals, Number> shown) {
		Map<String, Number> top = new LinkedHashMap<>();
		totals.stream()
			.filter((tasks) -> by.applyAsLong(tasks) > 0)
			.sorted(Comparator.comparingLong(by).reversed())
			.limit(TOP)
			.forEach((tasks) -> top.put(tasks.name().value(), shown.apply(tasks)));
		return top;
	}

	static Map<String, Object> exhausted(FiguresByName figures) {
		return exhaustedOf(figures.exhausted(TaskBudget.Kind.RUN), figures.isSamplingInVain(),
				figures.exhausted(TaskBudget.Kind.CPU), figures.exhausted(TaskBudget.Kind.POLLS));
	}

	private static Map<String, Object> exhaustedOf(long run, boolean unavailable, long cpu, long polls) {
		Map<String, Object> exhausted = new LinkedHashMap<>();
		exhausted.put(TaskBudget.Kind.RUN.tag(), run);
		exhausted.put(TaskBudget.Kind.CPU.tag(), unavailable ? UNAVAILABLE : cpu);
		exhausted.put(TaskBudget.Kind.POLLS.tag(), unavailable ? UNAVAILABLE : polls);
		return exhausted;
	}

	private static long meanWait(NamedTotals tasks) {
		return (tasks.waited() > 0) ? tasks.waitNanos() / tasks.waited() : 0;
	}

	private static double share(long part, long whole) {
		return (whole > 0) ? Math.round(1000.0 * part / whole) / 1000.0 : 0;
	}

	/**
	 * The names that stand out, at most ten each, the first most.
	 *
	 * @param workerTimeShare by the share of all run time of the executor
	 * @param meanWaitMillis by their mean wait
	 * @param errors by how many ended with an error
	 */
	public record TopDescriptor(Map<String, Number> workerTimeShare, Map<String, Number> meanWaitMillis,
			Map<String, Number> errors) {

	}

	/**
	 * The tasks of one name.
	 *
	 * @param started tasks that started
	 * @param completed tasks that ran to their end
	 * @param errors those of them that ended with an error
	 * @param workerTimeShare their share of all run time of the executor
	 * @param waits from submission, or the due time, to start: the mean since the start,
	 * the longest of the last one to two minutes
	 * @param runs from start to end, likewise
	 * @param kind compute-bound where sampled tasks spent at least half of their time on
	 * a CPU, else waiting; unavailable on threads that do not tell, left out before one
	 * was sampled
	 * @param sampled what the sampled tasks used
	 * @param exhausted how many used more than their budget, by what they used
	 */
	public record TaskDescriptor(long started, long completed, long errors, double workerTimeShare,
			@JsonProperty("wait") TimesDescriptor waits, @JsonProperty("run") TimesDescriptor runs,
			@Nullable String kind, @Nullable SampledDescriptor sampled, Map<String, Object> exhausted) {

		static TaskDescriptor of(NamedTotals tasks, long workerNanos) {
			NamedTotals.Sample sample = tasks.sample();
			return new TaskDescriptor(tasks.started(), tasks.completed(), tasks.failed(),
					share(tasks.allRunNanos(), workerNanos),
					TimesDescriptor.of(tasks.waited(), meanWait(tasks), tasks.maxWaitNanos()),
					TimesDescriptor.of(tasks.timed(), (tasks.timed() > 0) ? tasks.runNanos() / tasks.timed() : 0,
							tasks.maxRunNanos()),
					kind(tasks), (sample != null) ? SampledDescriptor.of(sample) : null, exhausted(tasks));
		}

		private static @Nullable String kind(NamedTotals tasks) {
			NamedTotals.Sample sample = tasks.sample();
			if (sample == null) {
				return (tasks.unavailable() > 0) ? UNAVAILABLE : null;
			}
			return (2 * sample.cpuNanos() >= sample.runNanos()) ? "compute-bound" : "waiting";
		}

		private static Map<String, Object> exhausted(NamedTotals tasks) {
			NamedTotals.Sample sample = tasks.sample();
			boolean unavailable = sample == null && tasks.unavailable() > 0;
			return exhaustedOf(tasks.overRun(), unavailable, (sample != null) ? sample.overCpu() : 0,
					(sample != null) ? sample.overPolls() : 0);
		}

	}

	/**
	 * What sampled tasks used.
	 *
	 * @param tasks how many were sampled
	 * @param cpuShare the share of their run time that they spent on a CPU
	 * @param meanCpuMillis the CPU time of one of them
	 * @param meanPolls how often one of them was put on a CPU
	 * @param meanAllocatedBytes what one of them allocated, left out where the JVM does
	 * not tell
	 */
	public record SampledDescriptor(long tasks, double cpuShare, double meanCpuMillis, double meanPolls,
			@Nullable Long meanAllocatedBytes) {

		static SampledDescriptor of(NamedTotals.Sample sample) {
			long tasks = sample.tasks();
			return new SampledDescriptor(tasks, share(sample.cpuNanos(), sample.runNanos()),
					ExecutorDescriptor.millis(sample.cpuNanos() / tasks),
					Math.round(10.0 * sample.polls() / tasks) / 10.0,
					(sample.allocatedBytes() >= 0) ? sample.allocatedBytes() / tasks : null);
		}

	}

}
