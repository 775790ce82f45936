// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Method;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RunnableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.task.MeteredFutureTask;
import io.github.executormetrics.task.TaskRecorder;

/**
 * Makes the futures of an executor: ours, or, where its {@code newTaskFor} is the user's,
 * those that it makes of the user's own task.
 */
final class FutureFactory {

	private final ExecutorService executor;

	private final TaskRecorder recorder;

	private final @Nullable Method ofCallable;

	private final @Nullable Method ofRunnable;

	FutureFactory(ExecutorService executor, TaskRecorder recorder) {
		this.executor = executor;
		this.recorder = recorder;
		this.ofCallable = find(executor, Callable.class);
		this.ofRunnable = find(executor, Runnable.class, Object.class);
	}

	private static @Nullable Method find(ExecutorService executor, Class<?>... parameterTypes) {
		Method method = (executor instanceof AbstractExecutorService) ? find(executor.getClass(), parameterTypes)
				: null;
		if (method != null) {
			ReflectionUtils.makeAccessible(method);
		}
		return method;
	}

	private static @Nullable Method find(Class<?> type, Class<?>... parameterTypes) {
		return Overrides.find(type, "newTaskFor", parameterTypes);
	}

	/**
	 * Whether the user's code makes the futures of a class of executors.
	 * @param type the class
	 * @return whether {@code newTaskFor} is overridden
	 */
	static boolean isUsers(Class<?> type) {
		return find(type, Callable.class) != null || find(type, Runnable.class, Object.class) != null;
	}

	@SuppressWarnings("unchecked")
	<T extends @Nullable Object> RunnableFuture<T> of(Callable<T> task) {
		return (this.ofCallable != null) ? (RunnableFuture<T>) make(this.ofCallable, task)
				: new MeteredFutureTask<>(task, this.recorder);
	}

	@SuppressWarnings("unchecked")
	<T extends @Nullable Object> RunnableFuture<T> of(Runnable task, T result) {
		return (this.ofRunnable != null) ? (RunnableFuture<T>) make(this.ofRunnable, task, result)
				: new MeteredFutureTask<>(task, result, this.recorder);
	}

	@SuppressWarnings("NullAway") // null, where the user's method gives it, fails as it
									// does undecorated
	private RunnableFuture<?> make(Method method, @Nullable Object... arguments) {
		return (RunnableFuture<?>) ReflectionUtils.invokeMethod(method, this.executor, arguments);
	}

}
