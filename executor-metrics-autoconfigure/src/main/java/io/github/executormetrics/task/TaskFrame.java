package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.TaskNameScope;

/**
 * What is known of a run from its start to its end, for the thread that runs it. Mostly
 * the slot that the run occupies, so that nothing is made for it.
 */
abstract class TaskFrame {

	private final TaskFiguresTable figures;

	long startNanos;

	private long waitNanos;

	private TaskFigures current = TaskFigures.NONE;

	private TaskTracing.@Nullable Scope scope;

	private @Nullable TaskNameScope names;

	private boolean sampled;

	private long sampledAt;

	private long cpu;

	private long blocks;

	private long allocated;

	TaskFrame(TaskFiguresTable figures) {
		this.figures = figures;
	}

	/**
	 * The figures by name that this run adds to.
	 * @return those of the slot, or shared ones
	 */
	final TaskFiguresTable figures() {
		return this.figures;
	}

	/**
	 * Count the start of a task.
	 * @param task the task
	 * @param now when it started
	 * @param wait how long it waited, negative where nobody knows
	 * @param counted whether its submission was counted elsewhere
	 */
	abstract void start(Object task, long now, long wait, boolean counted);

	/**
	 * Count the end of the task, after which the frame may be another's.
	 * @param run how long it ran, in nanoseconds
	 * @param error whether the task ended with an error
	 */
	abstract void end(long run, boolean error);

	/**
	 * Leave without a completion: the task turned out not to have run.
	 */
	abstract void vacate();

	final void open(long wait, TaskFigures current, TaskTracing.@Nullable Scope scope) {
		this.waitNanos = wait;
		this.current = current;
		this.scope = scope;
		if (TaskNameScope.current() != null) {
			// it runs inline: what it submits is not what its submitter named
			this.names = TaskNameScope.none();
		}
	}

	final long waitNanos() {
		return this.waitNanos;
	}

	final TaskFigures current() {
		return this.current;
	}

	/**
	 * Take what surrounds the run, before the frame may be another's.
	 * @return what is to be closed
	 */
	final TaskTracing.@Nullable Scope takeScope() {
		TaskTracing.Scope scope = this.scope;
		this.scope = null;
		if (this.names != null) {
			this.names.close();
			this.names = null;
		}
		return scope;
	}

	final void beginSample() {
		this.sampled = true;
		this.allocated = ThreadCosts.allocated();
		this.blocks = ThreadCosts.blocks();
		// what it takes to look, and to start a span, is no time in which the task waits
		this.sampledAt = System.nanoTime();
		this.cpu = ThreadCosts.cpu();
	}

	/**
	 * Add what the run used, if it was to be sampled.
	 * @param now when it ended
	 * @return how often it was put on a CPU, or {@link ThreadCosts#UNAVAILABLE}
	 */
	final long endSample(long now) {
		TaskFigures figures = this.current;
		if (!this.sampled) {
			return ThreadCosts.UNAVAILABLE;
		}
		this.sampled = false;
		long cpu = ThreadCosts.cpu();
		long blocks = ThreadCosts.blocks();
		if (cpu < 0 || this.cpu < 0 || blocks < 0 || this.blocks < 0) {
			figures.unavailable();
			return ThreadCosts.UNAVAILABLE;
		}
		long polls = 1 + blocks - this.blocks;
		if (this.allocated >= 0) {
			figures.allocated(ThreadCosts.allocated() - this.allocated);
		}
		figures.sampled(now - this.sampledAt, cpu - this.cpu, polls);
		return polls;
	}

	final void dropSample() {
		this.sampled = false;
	}

}
