// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import io.github.executormetrics.monitor.PoolSizes;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.Unanswered;
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
 * @param verdict HEALTHY, the gravest cause, or UNKNOWN where nothing of it is seen or it
 * does not answer
 * @param causes the causes that stand, the gravest first
 * @param unanswered that it does not answer, left out where it does
 * @param readAt when workers and queue were read, left out before the first time
 * @param workers who runs the tasks
 * @param queue what waits
 * @param tasks counts since the start
 * @param waits from submission, or the due time, to start, over the window
 * @param runs from start to end, over the window
 * @since 0.1.0
 */
public record ExecutorDescriptor(String type, String origin, String coverage, @Nullable String coverageReason,
		@Nullable String countedAt, String verdict, List<CauseDescriptor> causes,
		@Nullable UnansweredDescriptor unanswered, @Nullable Instant readAt, @Nullable WorkersDescriptor workers,
		@Nullable QueueDescriptor queue, @Nullable TasksDescriptor tasks,
		@JsonProperty("wait") @Nullable TimesDescriptor waits, @JsonProperty("run") @Nullable TimesDescriptor runs) {

	static ExecutorDescriptor of(MonitoredExecutor executor, ExecutorWatch watch, boolean showStacks,
			boolean withStacks) {
		ExecutorReport report = watch.report(executor);
		Coverage coverage = executor.coverage();
		long now = System.nanoTime();
		ExecutorSample reading = executor.reading();
		WindowSnapshot window = report.window();
		boolean state = coverage != Coverage.NONE;
		boolean tasks = coverage == Coverage.TASKS;
		return new ExecutorDescriptor(executor.type(), executor.origin().tag(),
				coverage.name().toLowerCase(Locale.ROOT), executor.coverageReason(), executor.countedAt(),
				watch.verdict(executor), CauseDescriptor.all(report.causes(), showStacks, withStacks),
				UnansweredDescriptor.of(report.unanswered(), showStacks), state ? readAt(reading, now) : null,
				state ? WorkersDescriptor.of(reading) : null,
				state ? QueueDescriptor.of(reading, executor.oldestQueuedAtLeast()) : null,
				tasks ? TasksDescriptor.of(executor.recorder().totals(now), executor.rejected()) : null,
				tasks ? TimesDescriptor.of(window.waits(), window.meanWaitNanos(), window.maxWaitNanos()) : null,
				tasks ? TimesDescriptor.of(window.runs(), window.meanRunNanos(), window.maxRunNanos()) : null);
	}

	static double millis(long nanos) {
		return Math.round(nanos / (double) TimeUnit.MILLISECONDS.toNanos(1) * 1000) / 1000.0;
	}

	private static @Nullable Instant readAt(ExecutorSample reading, long now) {
		return (reading.nanos() != 0) ? Instant.now().minusNanos(now - reading.nanos()).truncatedTo(ChronoUnit.MILLIS)
				: null;
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
	 * @param evidence the measured values over the window, the limit, and of how many
	 * ticks or tasks they are, units in their names
	 * @param detail what the numbers cannot say, left out where they say all; names the
	 * application's code and its threads where stacks may be shown
	 * @param advice what to do, left out where too little was measured to say so
	 * @param stacks the stacks of stuck tasks, left out where they are not shown
	 */
	public record CauseDescriptor(String cause, Instant since, @Nullable Instant until, Map<String, Number> evidence,
			@Nullable String detail, @Nullable AdviceDescriptor advice, @Nullable List<StackDescriptor> stacks) {

		static List<CauseDescriptor> all(List<RaisedCause> causes, boolean showStacks, boolean withStacks) {
			return causes.stream().map((cause) -> of(cause, showStacks, withStacks)).toList();
		}

		private static CauseDescriptor of(RaisedCause cause, boolean showStacks, boolean withStacks) {
			return new CauseDescriptor(cause.cause().name(), cause.since(), cause.until(), cause.evidence(),
					showStacks ? cause.detail() : cause.plainDetail(), AdviceDescriptor.of(cause.advice()),
					!cause.stacks().isEmpty() ? StackDescriptor.all(cause.stacks(), showStacks && withStacks) : null);
		}

	}

	/**
	 * What to do about a cause.
	 *
	 * @param text what has changed and what to do, with the figures in it
	 * @param settings what to set to which value, left out where that is not what would
	 * help
	 * @param figures the same figures, units in their names
	 */
	public record AdviceDescriptor(String text, @Nullable Map<String, Integer> settings, Map<String, Number> figures) {

		static @Nullable AdviceDescriptor of(RaisedCause.@Nullable Advice advice) {
			return (advice != null) ? new AdviceDescriptor(advice.text(),
					!advice.settings().isEmpty() ? advice.settings() : null, advice.figures()) : null;
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
	 * An executor that does not answer, since a lock that it needs is held or code of the
	 * user's does not return: workers and queue are what was read before.
	 *
	 * @param since when it was asked
	 * @param reason why nothing newer is known
	 * @param frame where the reading waits, left out where stacks are not shown
	 * @param holder the thread that holds the lock, left out where stacks are not shown
	 * or there is none
	 * @param holderFrame where that thread stands
	 */
	public record UnansweredDescriptor(Instant since, String reason, @Nullable String frame, @Nullable String holder,
			@Nullable String holderFrame) {

		static @Nullable UnansweredDescriptor of(@Nullable Unanswered unanswered, boolean showStacks) {
			if (unanswered == null) {
				return null;
			}
			String reason = unanswered.locked() ? "a lock that is needed to read the executor is held"
					: "code that is called to read the executor does not return";
			return new UnansweredDescriptor(unanswered.since(), reason, showStacks ? unanswered.frame() : null,
					showStacks ? unanswered.holder() : null, showStacks ? unanswered.holderFrame() : null);
		}

	}

	/**
	 * Who runs the tasks.
	 *
	 * @param busy workers that run a task
	 * @param idle workers that wait for one
	 * @param limit how many may run at once as things stand, left out where there is no
	 * limit
	 * @param size how many live, left out where it is no thread pool
	 * @param core how many a thread pool starts before it queues a task
	 * @param maximum how many it may start once its queue is full, left out where there
	 * is no limit
	 */
	public record WorkersDescriptor(int busy, int idle, @Nullable Integer limit, @Nullable Integer size,
			@Nullable Integer core, @Nullable Integer maximum) {

		static WorkersDescriptor of(ExecutorSample sample) {
			PoolSizes sizes = sample.sizes();
			return new WorkersDescriptor(sample.busy(), sample.idle(), known(sample.limit()),
					(sizes != null) ? sizes.current() : null, (sizes != null) ? sizes.core() : null,
					(sizes != null && sizes.maximum() != Integer.MAX_VALUE) ? sizes.maximum() : null);
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

		static TasksDescriptor of(TaskTotals tasks, long rejected) {
			return new TasksDescriptor(tasks.submitted(), tasks.active(), tasks.completed(), tasks.failed(),
					tasks.cancelled(), rejected);
		}

	}

	/**
	 * Times of what was measured.
	 *
	 * @param meanMillis their mean, left out where nothing was measured
	 * @param maxMillis the longest, left out where nothing was measured
	 */
	public record TimesDescriptor(@Nullable Double meanMillis, @Nullable Double maxMillis) {

		static TimesDescriptor of(long count, long meanNanos, long maxNanos) {
			// a time is never 0 to the nanosecond
			return new TimesDescriptor((count > 0) ? millis(meanNanos) : null,
					(maxNanos > 0) ? millis(maxNanos) : null);
		}

	}

}
