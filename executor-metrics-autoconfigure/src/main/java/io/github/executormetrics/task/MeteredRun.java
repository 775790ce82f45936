// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * What a schedule runs: each run is a task of its own, submitted when it starts, its wait
 * the lateness. The future around it stays the scheduler's own.
 *
 * @param <V> the type of the result
 */
public final class MeteredRun<V extends @Nullable Object> implements Labelled, Runnable, Callable<V> {

	private final Object delegate;

	private final Callable<V> call;

	private final TaskRecorder recorder;

	private final Due due;

	private final @Nullable PeriodicTask periodic;

	private final TaskLabel label;

	private MeteredRun(Object delegate, Callable<V> call, TaskRecorder recorder, Due due,
			@Nullable PeriodicTask periodic) {
		this.delegate = delegate;
		this.call = call;
		this.recorder = recorder;
		this.due = due;
		this.periodic = periodic;
		// one who submitted it is there for a single run only
		this.label = (due.isOnce() && !TaskNaming.isRescheduled(delegate)) ? recorder.labels().of(delegate)
				: recorder.labels().withoutContext(delegate);
		if (periodic != null) {
			periodic.name(this.label.name());
		}
	}

	/**
	 * Wrap what a schedule runs.
	 * @param task the user's task
	 * @param recorder the scheduler's recorder
	 * @param due when its runs are due
	 * @return the runnable to schedule
	 */
	public static Runnable of(Runnable task, TaskRecorder recorder, Due due) {
		return of(task, recorder, due, null);
	}

	/**
	 * Wrap what a schedule runs.
	 * @param task the user's task
	 * @param recorder the scheduler's recorder
	 * @param due when its runs are due
	 * @param periodic the task of which these are the runs, or null where there is one
	 * run, or whoever is told of its error decides about the next
	 * @return the runnable to schedule
	 */
	public static Runnable of(Runnable task, TaskRecorder recorder, Due due, @Nullable PeriodicTask periodic) {
		return new MeteredRun<@Nullable Object>(task, () -> {
			task.run();
			return null;
		}, recorder, due, periodic);
	}

	/**
	 * Wrap what a schedule runs.
	 * @param <V> the type of the result
	 * @param task the user's task
	 * @param recorder the scheduler's recorder
	 * @param due when it is due
	 * @return the callable to schedule
	 */
	public static <V extends @Nullable Object> Callable<V> of(Callable<V> task, TaskRecorder recorder, Due due) {
		return new MeteredRun<>(task, task, recorder, due, null);
	}

	@Override
	public TaskLabel label() {
		return this.label;
	}

	@Override
	public void run() {
		try {
			call();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			// a Runnable that throws a checked exception unseen by the compiler
			throw MeteredRun.<RuntimeException>unseen(ex);
		}
	}

	@Override
	public V call() throws Exception {
		long start = System.nanoTime();
		long lateness = this.due.lateness(start);
		// a timer of the JDK may fire a little early
		long wait = (lateness != TaskRecorder.UNKNOWN_WAIT) ? Math.max(0, lateness) : lateness;
		TaskFrame frame = this.recorder.startRun(this.label, start, wait);
		Throwable failure = null;
		try {
			return this.call.call();
		}
		catch (Throwable ex) {
			failure = ex;
			if (this.periodic != null) {
				this.periodic.failed(ex, start);
			}
			throw ex;
		}
		finally {
			this.due.ended();
			this.recorder.end(frame, this.label, failure);
		}
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <E extends Throwable> E unseen(Throwable ex) throws E {
		throw (E) ex;
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
