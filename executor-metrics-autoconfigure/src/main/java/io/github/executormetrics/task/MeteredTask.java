// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * A task handed to an executor, counted and timed.
 */
public class MeteredTask implements Runnable, Accounted, Queued, Labelled {

	private static final VarHandle STATE = FieldHandles.find(MethodHandles.lookup(), MeteredTask.class, "state",
			int.class);

	private final Runnable delegate;

	private final TaskRecorder recorder;

	private final TaskLabel label;

	private final long submittedAt = System.nanoTime();

	private final int submitter = Queued.submitter(Thread.currentThread());

	private volatile int state;

	MeteredTask(Runnable delegate, TaskRecorder recorder, TaskLabel label) {
		this.delegate = delegate;
		this.recorder = recorder;
		this.label = label;
	}

	/**
	 * Wrap a task at its submission.
	 * @param task the user's task
	 * @param recorder the executor's recorder
	 * @param ordered whether the executor's queue orders its tasks by themselves
	 * @return the task to hand over: a future where the user's is one, so that purge and
	 * shutdown find it
	 */
	public static MeteredTask of(Runnable task, TaskRecorder recorder, boolean ordered) {
		TaskLabels labels = recorder.labels();
		// asked first: one look at the class tells most tasks' names, and that they are
		// no futures
		TaskName known = labels.find(task);
		if (known == null && task instanceof Future<?>) {
			return new MeteredRunnableFuture(task, recorder);
		}
		TaskLabel label = (known != null) ? labels.of(known) : labels.of(task);
		// one that does not compare is refused by such a queue, even by an empty one
		return (ordered && task instanceof Comparable<?>) ? new MeteredComparableTask(task, recorder, label)
				: new MeteredTask(task, recorder, label);
	}

	/**
	 * Say that the executor's {@code execute} returned.
	 */
	public final void accepted() {
		this.recorder.accepted(this);
	}

	/**
	 * Say that the executor's {@code execute} threw a rejection.
	 */
	public final void rejected() {
		this.recorder.rejected(this);
	}

	@Override
	public final void run() {
		if (isKnownCancelled()) {
			// accepted and never started
			this.recorder.cancelledInQueue(this);
			this.delegate.run();
			return;
		}
		TaskFrame frame = this.recorder.claim(this.submittedAt, this.submitter, future());
		this.recorder.start(frame, take(), this.label, this.submittedAt);
		Throwable failure = null;
		try {
			this.delegate.run();
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			STATE.setRelease(this, DONE);
			this.recorder.end(frame, this.label, failure);
		}
	}

	/**
	 * Move to the run. Where its submitter runs it before it has heard that it is
	 * accepted, nobody else is to count it, which saves the compare-and-set.
	 * @return the state that it was in
	 */
	private int take() {
		if (this.state == NEW && isOnSubmitter()) {
			STATE.setRelease(this, RUNNING);
			return NEW;
		}
		return this.recorder.take(this);
	}

	/**
	 * Whether the thread that submitted it is this one.
	 * @return whether it is
	 */
	boolean isOnSubmitter() {
		return this.submitter == Queued.submitter(Thread.currentThread());
	}

	/**
	 * Whether the user's task is a future that was cancelled. Asked in place of an
	 * {@code instanceof Future}, which before JDK 23 walks all interfaces of a class that
	 * is none.
	 * @return whether it will not run
	 */
	boolean isKnownCancelled() {
		return false;
	}

	/**
	 * The user's task as a future.
	 * @return the future, or null where it is none
	 */
	@Nullable Future<?> future() {
		return null;
	}

	@Override
	public final long submittedAt() {
		return this.submittedAt;
	}

	@Override
	public final int submitter() {
		return this.submitter;
	}

	@Override
	public final TaskRecorder recorder() {
		return this.recorder;
	}

	@Override
	public final boolean isPending() {
		return this.state <= RUNNING;
	}

	@Override
	public final TaskLabel label() {
		return this.label;
	}

	/**
	 * The user's own task.
	 * @return what was handed to the executor
	 */
	public final Runnable delegate() {
		return this.delegate;
	}

	/**
	 * The user's own object for whatever stands in a queue.
	 * @param queued what stands in the queue
	 * @return the user's task, or the future that the user holds
	 */
	public static Runnable unwrap(Runnable queued) {
		return (queued instanceof MeteredTask metered) ? metered.delegate : queued;
	}

	@Override
	public final int state() {
		return this.state;
	}

	@Override
	public final boolean moveState(int expected, int next) {
		return STATE.compareAndSet(this, expected, next);
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
