// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.util.concurrent.FutureUtils;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredCallable;
import io.github.executormetrics.task.MeteredFutureTask;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.TaskOutcome;
import io.github.executormetrics.task.TaskRecorder;

/**
 * Takes the tasks of one executor, makes each a metered one and hands it on.
 */
@SuppressWarnings("NullAway") // the executor's own answer to null is the right one
class TaskIntake {

	private final MonitoredExecutor executor;

	private final TaskRecorder recorder;

	TaskIntake(MonitoredExecutor executor) {
		this.executor = executor;
		this.recorder = executor.recorder();
	}

	final MonitoredExecutor executor() {
		return this.executor;
	}

	TaskRecorder recorder() {
		return this.recorder;
	}

	/**
	 * Whether the queue behind orders its tasks by themselves.
	 * @return whether ours must compare as the user's do
	 */
	boolean isOrdered() {
		return false;
	}

	void execute(@Nullable Runnable task, Executor target) {
		if (task == null) {
			target.execute(task);
			return;
		}
		if (task instanceof MeteredFutureTask<?> future && future.isDormantOf(this.recorder)) {
			handOver(future, target);
			return;
		}
		MeteredTask metered = MeteredTask.of(task, this.recorder, isOrdered());
		try {
			target.execute(metered);
		}
		catch (RejectedExecutionException ex) {
			metered.rejected();
			throw ex;
		}
		// refused silently, or already run inline: the task's own state knows
		metered.accepted();
	}

	private void handOver(MeteredFutureTask<?> future, Executor target) {
		future.arm();
		try {
			target.execute(future);
		}
		catch (RejectedExecutionException ex) {
			future.rejected();
			throw ex;
		}
		future.accepted();
	}

	/**
	 * Put a task into the queue behind the executor, past its {@code execute}.
	 * @param <X> what the queue's method throws
	 * @param task the user's task
	 * @param queue the queue's method
	 * @return whether the queue has taken it
	 * @throws X as the queue's method does
	 */
	final <X extends Throwable> boolean put(@Nullable Runnable task, Put<X> queue) throws X {
		if (task == null || MeteredRejectionHandler.isDecorated(task)) {
			return queue.put(task);
		}
		if (task instanceof MeteredFutureTask<?> future && future.isDormantOf(this.recorder)) {
			return put(future, queue);
		}
		MeteredTask metered = MeteredTask.of(task, this.recorder, isOrdered());
		boolean taken = queue.put(metered);
		if (taken) {
			metered.accepted();
		}
		return taken;
	}

	private <X extends Throwable> boolean put(MeteredFutureTask<?> future, Put<X> queue) throws X {
		future.arm();
		boolean taken = false;
		try {
			taken = queue.put(future);
		}
		finally {
			if (taken) {
				future.accepted();
			}
			else {
				// may be put in or handed over once more
				this.recorder.withdrawn(future);
			}
		}
		return taken;
	}

	<T extends @Nullable Object> Future<T> submit(Callable<T> task, Executor target) {
		MeteredFutureTask<T> future = new MeteredFutureTask<>(task, this.recorder);
		handOver(future, target);
		return future;
	}

	<T extends @Nullable Object> Future<T> submit(Runnable task, T result, Executor target) {
		MeteredFutureTask<T> future = new MeteredFutureTask<>(task, result, this.recorder);
		handOver(future, target);
		return future;
	}

	/**
	 * Submit through a method of the executor's own that makes the future.
	 * @param <R> what the method returns
	 * @param task the user's task
	 * @param method the executor's method
	 * @return what the method returned
	 */
	<R extends @Nullable Object> R submitThrough(Runnable task, Function<Runnable, R> method) {
		if (task == null) {
			return method.apply(task);
		}
		MeteredTask metered = MeteredTask.of(task, this.recorder, isOrdered());
		try {
			R result = method.apply(metered);
			metered.accepted();
			return result;
		}
		catch (RejectedExecutionException ex) {
			metered.rejected();
			throw ex;
		}
	}

	/**
	 * Submit through a method of the executor's own that makes the future.
	 * @param <T> the type of the task's result
	 * @param <R> what the method returns
	 * @param task the user's task
	 * @param method the executor's method
	 * @return what the method returned
	 */
	<T extends @Nullable Object, R extends @Nullable Object> R submitThrough(Callable<T> task,
			Function<Callable<T>, R> method) {
		if (task == null) {
			return method.apply(task);
		}
		MeteredCallable<T> metered = MeteredCallable.of(task, this.recorder);
		try {
			R result = method.apply(metered);
			metered.accepted();
			return result;
		}
		catch (RejectedExecutionException ex) {
			metered.rejected();
			throw ex;
		}
	}

	/**
	 * Wrap the tasks of a bulk call that the executor carries out itself. They count when
	 * they start.
	 * @param <T> the type of the results
	 * @param tasks the user's tasks
	 * @return the tasks to hand over
	 */
	<T extends @Nullable Object> List<Callable<T>> wrapAll(Collection<? extends Callable<T>> tasks) {
		if (tasks == null) {
			return null;
		}
		List<Callable<T>> wrapped = new ArrayList<>();
		// no stream: an executor asks the user's collection for its iterator only
		for (Callable<T> task : tasks) {
			wrapped.add((task != null) ? MeteredCallable.of(task, this.recorder) : task);
		}
		return wrapped;
	}

	/**
	 * Submit so that the result comes as a completable future.
	 * @param <T> the type of the result
	 * @param task the user's task
	 * @param target where to run it
	 * @return the future
	 */
	<T extends @Nullable Object> CompletableFuture<T> submitCompletable(Callable<T> task, Executor target) {
		TaskOutcome outcome = new TaskOutcome();
		return FutureUtils.callAsync((task != null) ? outcome.of(task) : task,
				(completion) -> execute(outcome.toldBy(completion, task), target));
	}

	CompletableFuture<Void> submitCompletable(Runnable task, Executor target) {
		TaskOutcome outcome = new TaskOutcome();
		return CompletableFuture.runAsync((task != null) ? outcome.of(task) : task,
				(completion) -> execute(outcome.toldBy(completion, task), target));
	}

	/**
	 * A method of a queue that takes a task.
	 *
	 * @param <X> what it throws
	 */
	@FunctionalInterface
	interface Put<X extends Throwable> {

		boolean put(Runnable task) throws X;

	}

}
