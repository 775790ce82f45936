// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * The figures of an executor's tasks by their names: what each name may use, and the sums
 * over all slots. Read by any thread.
 */
public final class FiguresByName {

	private final WorkerSlots slots;

	private final String executor;

	private final TaskSettings settings;

	private final List<TaskName> names = new CopyOnWriteArrayList<>();

	private final Map<TaskName, TaskFailures> failures = new ConcurrentHashMap<>();

	FiguresByName(WorkerSlots slots, String executor, TaskSettings settings) {
		this.slots = slots;
		this.executor = executor;
		this.settings = settings;
	}

	/**
	 * The figures that a run adds to, which are those of its frame from now on.
	 * @param frame the run
	 * @param name the name of its task
	 * @return the figures of that name in its slot
	 */
	TaskFigures of(TaskFrame frame, TaskName name) {
		TaskFigures last = frame.current();
		if (last.isOf(name)) {
			// mostly a worker runs tasks of one name
			return last;
		}
		TaskFigures known = frame.figures().find(name.index());
		TaskFigures figures = (known != null) ? known : create(frame, name);
		frame.current(figures);
		return figures;
	}

	private TaskFigures create(TaskFrame frame, TaskName name) {
		TaskFigures created = new TaskFigures(name, !(frame instanceof WorkerSlot),
				this.settings.budget(this.executor, name), this.settings.timing(), this.settings.sampling());
		TaskFigures figures = frame.figures().add(name.index(), created);
		synchronized (this.names) {
			if (!this.names.contains(name)) {
				this.names.add(name);
			}
		}
		return figures;
	}

	/**
	 * The names of the tasks that ran so far.
	 * @return the names, each once, in the order in which they came
	 */
	public List<TaskName> names() {
		return Collections.unmodifiableList(this.names);
	}

	/**
	 * Read everything of the tasks of one name.
	 * @param name the name
	 * @param now the current {@link System#nanoTime()}
	 * @return counts and sums since the start
	 */
	public NamedTotals totals(TaskName name, long now) {
		long samples = sampled(name, SampledFigures.SAMPLES);
		NamedTotals.Sample sample = (samples == 0) ? null
				: new NamedTotals.Sample(samples, sampled(name, SampledFigures.RUN_NANOS),
						sampled(name, SampledFigures.CPU_NANOS), sampled(name, SampledFigures.POLLS),
						ThreadCosts.isAllocationKnown() ? sampled(name, SampledFigures.BYTES) : -1,
						sampled(name, SampledFigures.OVER_CPU), sampled(name, SampledFigures.OVER_POLLS));
		return new NamedTotals(name, started(name), waited(name), waitNanos(name), maxWait(name, now),
				sum(name, TaskFigures::completed), timed(name), failed(name), runNanos(name), maxRun(name, now),
				sum(name, TaskFigures::overRun), sample, sampled(name, SampledFigures.UNAVAILABLE));
	}

	/**
	 * Tasks of a name that started.
	 * @param name the name
	 * @return a number that never falls
	 */
	public long started(TaskName name) {
		return sum(name, TaskFigures::started);
	}

	/**
	 * Tasks of a name that started and whose wait is known.
	 * @param name the name
	 * @return a number that never falls
	 */
	public long waited(TaskName name) {
		return sum(name, TaskFigures::waited);
	}

	/**
	 * How long the tasks of a name waited altogether.
	 * @param name the name
	 * @return nanoseconds that never fall
	 */
	public long waitNanos(TaskName name) {
		return sum(name, TaskFigures::waitNanos);
	}

	/**
	 * The longest wait of a task of a name in the last one to two minutes.
	 * @param name the name
	 * @param now the current {@link System#nanoTime()}
	 * @return nanoseconds, 0 where none started
	 */
	public long maxWait(TaskName name, long now) {
		return this.slots.max(name.index(), (figures) -> figures.maxWait(now));
	}

	/**
	 * Tasks of a name that ran to their end.
	 * @param name the name
	 * @return a number that never falls
	 */
	public long completed(TaskName name) {
		return sum(name, TaskFigures::completed);
	}

	/**
	 * Tasks of a name that ran to their end and were timed.
	 * @param name the name
	 * @return a number that never falls
	 */
	public long timed(TaskName name) {
		return sum(name, TaskFigures::timed);
	}

	/**
	 * Tasks of a name that ended with an error.
	 * @param name the name
	 * @return a number that never falls
	 */
	public long failed(TaskName name) {
		return sum(name, TaskFigures::failed);
	}

	/**
	 * Note the error of a task, before its end is counted.
	 * @param name the name
	 * @param failure the error, on the thread that ran the task
	 */
	void fails(TaskName name, Throwable failure) {
		TaskFailures known = this.failures.get(name);
		if (known == null) {
			known = this.failures.computeIfAbsent(name, (added) -> new TaskFailures());
		}
		known.add(failure);
	}

	/**
	 * Tasks of a name that ended with an error since they were cancelled or interrupted.
	 * @param name the name
	 * @return a number that never falls, and no larger than those that failed but for the
	 * tasks that are about to end
	 */
	public long stopped(TaskName name) {
		TaskFailures known = this.failures.get(name);
		return (known != null) ? known.stopped() : 0;
	}

	/**
	 * The latest error of the tasks of a name, of those that were not stopped.
	 * @param name the name
	 * @return the name of its class, or null where there was none
	 */
	public @Nullable String latestFailure(TaskName name) {
		TaskFailures known = this.failures.get(name);
		return (known != null) ? known.latest() : null;
	}

	/**
	 * How long the completed tasks of a name ran altogether.
	 * @param name the name
	 * @return nanoseconds that never fall
	 */
	public long runNanos(TaskName name) {
		return sum(name, TaskFigures::runNanos);
	}

	/**
	 * The longest run of a task of a name that ended in the last one to two minutes.
	 * @param name the name
	 * @param now the current {@link System#nanoTime()}
	 * @return nanoseconds, 0 where none ended
	 */
	public long maxRun(TaskName name, long now) {
		return this.slots.max(name.index(), (figures) -> figures.maxRun(now));
	}

	/**
	 * Tasks that used more than their budget: of all tasks for the run time, of those
	 * that were sampled for the rest.
	 * @param kind what they used too much of
	 * @return a number that never falls
	 */
	public long exhausted(TaskBudget.Kind kind) {
		long sum = 0;
		for (TaskName name : this.names) {
			sum += switch (kind) {
				case RUN -> sum(name, TaskFigures::overRun);
				case CPU -> sampled(name, SampledFigures.OVER_CPU);
				case POLLS -> sampled(name, SampledFigures.OVER_POLLS);
			};
		}
		return sum;
	}

	/**
	 * Whether tasks were to be sampled and none could, since their threads tell nothing.
	 * @return whether CPU times and polls are unavailable
	 */
	public boolean isSamplingInVain() {
		boolean inVain = false;
		for (TaskName name : this.names) {
			if (sampled(name, SampledFigures.SAMPLES) > 0) {
				return false;
			}
			inVain |= sampled(name, SampledFigures.UNAVAILABLE) > 0;
		}
		return inVain;
	}

	/**
	 * How much a task of the executor may use, unless something else is set for its name.
	 * @return the budget
	 */
	public TaskBudget budget() {
		return this.settings.budget(this.executor);
	}

	private long sum(TaskName name, ToLongFunction<TaskFigures> value) {
		return this.slots.sum(name.index(), value);
	}

	private long sampled(TaskName name, int value) {
		return sum(name, (figures) -> figures.sampled().get(value));
	}

}
