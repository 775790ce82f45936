// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.TaskNameScope;

/**
 * What is known of a run from its start to its end, for the thread that runs it. Mostly
 * the slot that the run occupies, so that nothing is made for it.
 */
abstract class TaskFrame {

	/**
	 * The start of a run that is not timed.
	 */
	static final long UNTIMED = Long.MIN_VALUE;

	private static final VarHandle CURRENT = FieldHandles.find(MethodHandles.lookup(), TaskFrame.class, "current",
			TaskFigures.class);

	private final TaskFiguresTable figures;

	// or UNTIMED; in a slot also whether that is free or claimed
	long startNanos;

	private boolean timed;

	private long waitNanos;

	private TaskFigures current = TaskFigures.NONE;

	private TaskTracing.@Nullable Scope scope;

	private @Nullable TaskNameScope names;

	private @Nullable ThreadSample sample;

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
	 * Note where the task comes from, before its start.
	 * @param submittedAt the {@link System#nanoTime()} at which it was submitted
	 * @param submitter who submitted it, as {@link Queued#submitter()} tells
	 * @param future the future of the user's that it is the run of, or null
	 */
	abstract void submitted(long submittedAt, int submitter, @Nullable Future<?> future);

	/**
	 * Note the start of a task, which its figures by name count.
	 * @param now when it started, or {@link #UNTIMED}
	 * @param wait how long it waited, negative where nobody knows
	 * @param counted whether its submission was counted elsewhere
	 */
	abstract void start(long now, long wait, boolean counted);

	/**
	 * Note how long the task ran, before its figures by name count its end.
	 * @param run how long, in nanoseconds
	 */
	abstract void raiseRun(long run);

	/**
	 * Leave, after which the frame may be another's.
	 */
	abstract void vacate();

	/**
	 * Say which figures this run and those after it add to, before its start.
	 * @param figures those of its name
	 */
	final void current(TaskFigures figures) {
		CURRENT.setOpaque(this, figures);
	}

	final void open(boolean timed, long wait, TaskTracing.@Nullable Scope scope) {
		this.timed = timed;
		this.waitNanos = wait;
		if (scope != null) {
			this.scope = scope;
		}
		if (TaskNameScope.current() != null) {
			// it runs inline: what it submits is not what its submitter named
			this.names = TaskNameScope.none();
		}
	}

	/**
	 * Whether the run is timed.
	 * @return whether it has a start
	 */
	final boolean isTimed() {
		return this.timed;
	}

	final long waitNanos() {
		return this.waitNanos;
	}

	final TaskFigures current() {
		return (TaskFigures) CURRENT.getOpaque(this);
	}

	/**
	 * Take what surrounds the run, before the frame may be another's.
	 * @return what is to be closed
	 */
	final TaskTracing.@Nullable Scope takeScope() {
		TaskTracing.Scope scope = this.scope;
		if (scope != null) {
			this.scope = null;
		}
		if (this.names != null) {
			this.names.close();
			this.names = null;
		}
		return scope;
	}

	final void beginSample() {
		this.sample = new ThreadSample();
	}

	/**
	 * Add what the run used, if it was to be sampled.
	 * @param now when it ended
	 * @return how often it was put on a CPU, or {@link ThreadCosts#UNAVAILABLE}
	 */
	final long endSample(long now) {
		ThreadSample sample = this.sample;
		if (sample == null) {
			return ThreadCosts.UNAVAILABLE;
		}
		this.sample = null;
		return sample.end(now, this.current.sampled());
	}

	final void dropSample() {
		this.sample = null;
	}

}
