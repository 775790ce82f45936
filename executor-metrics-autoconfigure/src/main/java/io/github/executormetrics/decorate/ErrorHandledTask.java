// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.DelegatingErrorHandlingRunnable;
import org.springframework.util.ErrorHandler;

/**
 * What Spring's schedulers hand to their pool: the user's task within their
 * {@link ErrorHandler}, which keeps its errors. A task is metered inside of that, so that
 * both see them.
 */
final class ErrorHandledTask {

	private static final @Nullable Field RUNNABLE = SpringFields.find(DelegatingErrorHandlingRunnable.class,
			"delegate");

	private static final @Nullable Field RUNNABLES_HANDLER = SpringFields.find(DelegatingErrorHandlingRunnable.class,
			"errorHandler");

	private static final @Nullable Class<?> CALLABLE_TYPE = SpringFields
		.type("org.springframework.scheduling.concurrent.DelegatingErrorHandlingCallable");

	private static final @Nullable Field CALLABLE = SpringFields.find(CALLABLE_TYPE, "delegate");

	private static final @Nullable Field CALLABLES_HANDLER = SpringFields.find(CALLABLE_TYPE, "errorHandler");

	private static final @Nullable Constructor<?> NEW_CALLABLE = SpringFields.constructor(CALLABLE_TYPE, Callable.class,
			ErrorHandler.class);

	private ErrorHandledTask() {
	}

	/**
	 * The task inside.
	 * @param task what a scheduler hands over
	 * @return the user's task, or the same where no error handler is around it
	 */
	static Runnable inside(Runnable task) {
		Object inner = isHandled(task) ? SpringFields.get(RUNNABLE, task) : null;
		return (inner instanceof Runnable runnable && handler(task) != null) ? runnable : task;
	}

	/**
	 * Put the error handler around a metered task.
	 * @param task what the scheduler handed over
	 * @param metered the metered form of what {@link #inside(Runnable)} gave
	 * @return what to hand over in its place
	 */
	static Runnable around(Runnable task, Runnable metered) {
		ErrorHandler handler = isHandled(task) ? handler(task) : null;
		return (handler != null) ? new DelegatingErrorHandlingRunnable(metered, handler) : metered;
	}

	// a subclass does more than handling errors
	private static boolean isHandled(Runnable task) {
		return task != null && task.getClass() == DelegatingErrorHandlingRunnable.class;
	}

	static @Nullable ErrorHandler handler(Runnable task) {
		return (SpringFields.get(RUNNABLES_HANDLER, task) instanceof ErrorHandler handler) ? handler : null;
	}

	/**
	 * The task inside.
	 * @param <V> the type of the result
	 * @param task what a scheduler hands over
	 * @return the user's task, or the same where no error handler is around it
	 */
	@SuppressWarnings("unchecked")
	static <V extends @Nullable Object> Callable<V> inside(Callable<V> task) {
		Object inner = isHandled(task) ? SpringFields.get(CALLABLE, task) : null;
		return (inner instanceof Callable<?> callable) ? (Callable<V>) callable : task;
	}

	/**
	 * Put the error handler around a metered task.
	 * @param <V> the type of the result
	 * @param task what the scheduler handed over
	 * @param metered the metered form of what {@link #inside(Callable)} gave
	 * @return what to hand over in its place
	 */
	@SuppressWarnings("unchecked")
	static <V extends @Nullable Object> Callable<V> around(Callable<V> task, Callable<V> metered) {
		if (!isHandled(task)) {
			return metered;
		}
		Object handled = SpringFields.create(NEW_CALLABLE, metered, SpringFields.get(CALLABLES_HANDLER, task));
		return (handled instanceof Callable<?> callable) ? (Callable<V>) callable : task;
	}

	private static boolean isHandled(Callable<?> task) {
		return task != null && task.getClass() == CALLABLE_TYPE && NEW_CALLABLE != null;
	}

}
