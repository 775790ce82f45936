// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * The label of a task that is itself a future, which catches the error of its run. The
 * only place that asks a user's future how it ended.
 */
final class FutureLabel implements TaskLabel, HiddenFailure {

	private static final VarHandle REPORTED = FieldHandles.find(MethodHandles.lookup(), FutureLabel.class, "reported",
			Throwable.class);

	private final TaskName name;

	private final @Nullable Object context;

	private final Future<?> future;

	@SuppressWarnings("unused")
	private @Nullable Throwable reported;

	/**
	 * Creates a label.
	 * @param name the task's name
	 * @param context the context that it was submitted in, or null
	 * @param future the task
	 */
	FutureLabel(TaskName name, @Nullable Object context, Future<?> future) {
		this.name = name;
		this.context = context;
		this.future = future;
	}

	@Override
	public TaskName name() {
		return this.name;
	}

	@Override
	public @Nullable Object context() {
		return this.context;
	}

	@Override
	public HiddenFailure hidden() {
		return this;
	}

	@Override
	public @Nullable Throwable failure() {
		Throwable failure = find();
		// a schedule runs a future again and again: only the first run does something,
		// but the future keeps the error of that run
		return (failure != null && REPORTED.getAndSet(this, failure) != failure) ? failure : null;
	}

	private @Nullable Throwable find() {
		try {
			// get() of a future that is not done would hold the worker
			return (this.future.isDone() && !this.future.isCancelled()) ? get() : null;
		}
		catch (Throwable ex) {
			// the task has run, whatever its future says
			return null;
		}
	}

	private @Nullable Throwable get() {
		try {
			this.future.get();
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (ExecutionException ex) {
			return (ex.getCause() != null) ? ex.getCause() : ex;
		}
		catch (CancellationException ex) {
			return ex;
		}
	}

}
