package io.github.executormetrics.task;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The figures of an executor's tasks by their names: what each name may use, and the sums
 * over all slots. Read by any thread.
 */
public final class FiguresByName {

	private final WorkerSlots slots;

	private final String executor;

	private final TaskSettings settings;

	private final List<TaskName> names = new CopyOnWriteArrayList<>();

	FiguresByName(WorkerSlots slots, String executor, TaskSettings settings) {
		this.slots = slots;
		this.executor = executor;
		this.settings = settings;
	}

	/**
	 * The figures that a run adds to.
	 * @param frame the run
	 * @param name the name of its task
	 * @return the figures of that name in its slot
	 */
	TaskFigures of(TaskFrame frame, TaskName name) {
		TaskFigures figures = frame.figures().find(name.index());
		return (figures != null) ? figures : create(frame, name);
	}

	private TaskFigures create(TaskFrame frame, TaskName name) {
		TaskFigures created = new TaskFigures(!(frame instanceof WorkerSlot), this.settings.budget(this.executor, name),
				this.settings.sampling());
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
		long samples = sum(name, TaskFigures.SAMPLES);
		NamedTotals.Sample sample = (samples == 0) ? null
				: new NamedTotals.Sample(samples, sum(name, TaskFigures.SAMPLED_RUN_NANOS),
						sum(name, TaskFigures.SAMPLED_CPU_NANOS), sum(name, TaskFigures.SAMPLED_POLLS),
						ThreadCosts.isAllocationKnown() ? sum(name, TaskFigures.SAMPLED_BYTES) : -1,
						sum(name, TaskFigures.OVER_CPU), sum(name, TaskFigures.OVER_POLLS));
		return new NamedTotals(name, sum(name, TaskFigures.STARTED), waited(name), waitNanos(name), maxWait(name, now),
				completed(name), failed(name), runNanos(name), maxRun(name, now), sum(name, TaskFigures.OVER_RUN),
				sample, sum(name, TaskFigures.UNAVAILABLE));
	}

	/**
	 * Tasks of a name that started and whose wait is known.
	 * @param name the name
	 * @return a number that never falls
	 */
	public long waited(TaskName name) {
		return sum(name, TaskFigures.WAITED);
	}

	/**
	 * How long the tasks of a name waited altogether.
	 * @param name the name
	 * @return nanoseconds that never fall
	 */
	public long waitNanos(TaskName name) {
		return sum(name, TaskFigures.WAIT_NANOS);
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
		return sum(name, TaskFigures.COMPLETED);
	}

	/**
	 * Tasks of a name that ended with an error.
	 * @param name the name
	 * @return a number that never falls
	 */
	public long failed(TaskName name) {
		return sum(name, TaskFigures.FAILED);
	}

	/**
	 * How long the completed tasks of a name ran altogether.
	 * @param name the name
	 * @return nanoseconds that never fall
	 */
	public long runNanos(TaskName name) {
		return sum(name, TaskFigures.RUN_NANOS);
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
		return sum(switch (kind) {
			case RUN -> TaskFigures.OVER_RUN;
			case CPU -> TaskFigures.OVER_CPU;
			case POLLS -> TaskFigures.OVER_POLLS;
		});
	}

	/**
	 * Whether tasks were to be sampled and none could, since their threads tell nothing.
	 * @return whether CPU times and polls are unavailable
	 */
	public boolean isSamplingInVain() {
		return sum(TaskFigures.SAMPLES) == 0 && sum(TaskFigures.UNAVAILABLE) > 0;
	}

	/**
	 * How much a task of the executor may use, unless something else is set for its name.
	 * @return the budget
	 */
	public TaskBudget budget() {
		return this.settings.budget(this.executor);
	}

	private long sum(int value) {
		long sum = 0;
		for (TaskName name : this.names) {
			sum += sum(name, value);
		}
		return sum;
	}

	private long sum(TaskName name, int value) {
		return this.slots.sum(name.index(), (figures) -> figures.get(value));
	}

}
