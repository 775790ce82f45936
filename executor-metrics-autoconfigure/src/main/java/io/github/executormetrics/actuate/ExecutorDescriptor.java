package io.github.executormetrics.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.WorkerStack;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.WindowSnapshot;

/**
 * An executor as the endpoint shows it. What is not known is left out.
 *
 * @param type its class before it was decorated
 * @param origin where it comes from: bean, web-server, jdk, reactor or programmatic
 * @param coverage how much of its work is seen: tasks, state or none
 * @param coverageReason why not more, or what is not seen
 * @param countedAt the executor that counts its tasks and whose verdict is shown here,
 * left out where it counts them itself
 * @param verdict HEALTHY, the gravest cause, or UNKNOWN where nothing of it is seen
 * @param causes the causes that stand, the gravest first
 * @param workers who runs the tasks
 * @param queue what waits
 * @param tasks counts since the start
 * @param waits from submission, or the due time, to start, over the window
 * @param runs from start to end, over the window
 * @since 0.1.0
 */
public record ExecutorDescriptor(String type, String origin, String coverage, @Nullable String coverageReason,
		@Nullable String countedAt, String verdict, List<CauseDescriptor> causes, @Nullable WorkersDescriptor workers,
		@Nullable QueueDescriptor queue, @Nullable TasksDescriptor tasks,
		@JsonProperty("wait") @Nullable TimesDescriptor waits, @JsonProperty("run") @Nullable TimesDescriptor runs) {

	static ExecutorDescriptor of(MonitoredExecutor executor, ExecutorWatch watch, boolean showStacks) {
		ExecutorReport report = watch.report(executor);
		Coverage coverage = executor.coverage();
		ExecutorSample sample = executor.sample(System.nanoTime());
		WindowSnapshot window = report.window();
		boolean state = coverage != Coverage.NONE;
		boolean tasks = coverage == Coverage.TASKS;
		return new ExecutorDescriptor(executor.type(), executor.origin().tag(),
				coverage.name().toLowerCase(Locale.ROOT), executor.coverageReason(), executor.countedAt(),
				watch.verdict(executor), CauseDescriptor.all(report.causes(), showStacks),
				state ? WorkersDescriptor.of(sample) : null,
				state ? QueueDescriptor.of(sample, executor.oldestQueuedAtLeast(sample.nanos())) : null,
				tasks ? TasksDescriptor.of(sample) : null,
				tasks ? TimesDescriptor.of(window.meanWaitNanos(), window.maxWaitNanos()) : null,
				tasks ? TimesDescriptor.of(window.meanRunNanos(), window.maxRunNanos()) : null);
	}

	static double millis(long nanos) {
		return Math.round(nanos / (double) TimeUnit.MILLISECONDS.toNanos(1) * 1000) / 1000.0;
	}

	private static @Nullable Integer known(int value) {
		return (value != ExecutorState.NONE) ? value : null;
	}

	/**
	 * A cause that stands, or stood.
	 *
	 * @param cause the cause
	 * @param since when its first bad tick was
	 * @param until when it was cleared, left out while it stands
	 * @param evidence the measured values over the window, the limit and the number of
	 * samples, units in their names
	 * @param detail what the numbers cannot say, left out where they say all
	 * @param advice what to do, left out where too little was measured to say so
	 * @param stacks the stacks of stuck tasks, left out where they are not shown
	 */
	public record CauseDescriptor(String cause, Instant since, @Nullable Instant until, Map<String, Number> evidence,
			@Nullable String detail, RaisedCause.@Nullable Advice advice, @Nullable List<StackDescriptor> stacks) {

		static List<CauseDescriptor> all(List<RaisedCause> causes, boolean showStacks) {
			return causes.stream().map((cause) -> of(cause, showStacks)).toList();
		}

		private static CauseDescriptor of(RaisedCause cause, boolean showStacks) {
			return new CauseDescriptor(cause.cause().name(), cause.since(), cause.until(), cause.evidence(),
					cause.detail(), cause.advice(),
					!cause.stacks().isEmpty() ? StackDescriptor.all(cause.stacks(), showStacks) : null);
		}

	}

	/**
	 * A stack that workers stand in.
	 *
	 * @param workers how many
	 * @param state the state of their threads
	 * @param threads the names of the first of them
	 * @param tasks the names of their tasks
	 * @param oldestMillis for how long the oldest of the tasks has run
	 * @param frames the stack, innermost first
	 */
	public record StackDescriptor(int workers, Thread.State state, List<String> threads, List<String> tasks,
			long oldestMillis, List<String> frames) {

		static @Nullable List<StackDescriptor> all(List<WorkerStack> stacks, boolean show) {
			return show ? stacks.stream().map(StackDescriptor::of).toList() : null;
		}

		private static StackDescriptor of(WorkerStack stack) {
			return new StackDescriptor(stack.workers(), stack.state(), stack.threads(), stack.tasks(),
					stack.oldestMillis(), stack.frames().stream().map(StackTraceElement::toString).toList());
		}

	}

	/**
	 * Who runs the tasks.
	 *
	 * @param busy workers that run a task
	 * @param idle workers that wait for one
	 * @param limit how many may run at once, left out where there is no limit
	 */
	public record WorkersDescriptor(int busy, int idle, @Nullable Integer limit) {

		static WorkersDescriptor of(ExecutorSample sample) {
			return new WorkersDescriptor(sample.busy(), sample.idle(), known(sample.limit()));
		}

	}

	/**
	 * What waits.
	 *
	 * @param depth tasks that could start and have not
	 * @param capacity how many the queue can hold, left out where it has no bound
	 * @param oldestMillis the age of the oldest, or what it is at least, left out before
	 * anything is known
	 */
	public record QueueDescriptor(int depth, @Nullable Integer capacity, @Nullable Double oldestMillis) {

		static QueueDescriptor of(ExecutorSample sample, long oldestNanos) {
			return new QueueDescriptor(sample.queued(), known(sample.capacity()),
					(oldestNanos != ExecutorState.NONE) ? millis(oldestNanos) : null);
		}

	}

	/**
	 * Counts since the start: submitted = completed + cancelled + active.
	 *
	 * @param submitted tasks accepted or started
	 * @param active tasks submitted and not finished
	 * @param completed tasks that ran to their end, failed ones included
	 * @param failed tasks that ended with an error
	 * @param cancelled tasks accepted and never started
	 * @param rejected tasks refused, no part of the balance
	 */
	public record TasksDescriptor(long submitted, long active, long completed, long failed, long cancelled,
			long rejected) {

		static TasksDescriptor of(ExecutorSample sample) {
			TaskTotals tasks = sample.tasks();
			return new TasksDescriptor(tasks.submitted(), tasks.active(), tasks.completed(), tasks.failed(),
					tasks.cancelled(), sample.rejected());
		}

	}

	/**
	 * Times over the window.
	 *
	 * @param meanMillis their mean
	 * @param maxMillis the longest
	 */
	public record TimesDescriptor(double meanMillis, double maxMillis) {

		static TimesDescriptor of(long meanNanos, long maxNanos) {
			return new TimesDescriptor(millis(meanNanos), millis(maxNanos));
		}

	}

}
