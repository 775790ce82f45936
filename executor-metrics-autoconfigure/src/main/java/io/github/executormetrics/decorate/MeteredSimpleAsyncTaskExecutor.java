// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;

import io.github.executormetrics.task.ThrottleGate;

/**
 * A {@link SimpleAsyncTaskExecutor} in front of another: tasks are metered from before
 * the throttle, everything else is the other's.
 */
@SuppressWarnings({ "serial", "deprecation" })
public class MeteredSimpleAsyncTaskExecutor extends SimpleAsyncTaskExecutor {

	private final transient SimpleAsyncTaskExecutor delegate;

	private final transient TaskIntake intake;

	private final transient Executor throttled;

	MeteredSimpleAsyncTaskExecutor(SimpleAsyncTaskExecutor delegate, TaskIntake intake, ThrottleGate gate) {
		this.delegate = delegate;
		this.intake = intake;
		this.throttled = (task) -> execute(delegate, task, gate);
		super.setConcurrencyLimit(delegate.getConcurrencyLimit());
		SharedFields.copy(delegate, this);
	}

	private static void execute(SimpleAsyncTaskExecutor delegate, Runnable task, ThrottleGate gate) {
		if (!delegate.isThrottleActive()) {
			delegate.execute(task);
			return;
		}
		int ticket = gate.enter();
		try {
			delegate.execute(task);
		}
		finally {
			gate.leave(ticket);
		}
	}

	@Override
	public void setVirtualThreads(boolean virtual) {
		this.delegate.setVirtualThreads(virtual);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setThreadFactory(@Nullable ThreadFactory threadFactory) {
		this.delegate.setThreadFactory(threadFactory);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setTaskDecorator(TaskDecorator taskDecorator) {
		this.delegate.setTaskDecorator(taskDecorator);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setTaskTerminationTimeout(long timeout) {
		this.delegate.setTaskTerminationTimeout(timeout);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setCancelRemainingTasksOnClose(boolean cancelRemainingTasksOnClose) {
		this.delegate.setCancelRemainingTasksOnClose(cancelRemainingTasksOnClose);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setRejectTasksWhenLimitReached(boolean rejectTasksWhenLimitReached) {
		this.delegate.setRejectTasksWhenLimitReached(rejectTasksWhenLimitReached);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setConcurrencyLimit(int concurrencyLimit) {
		this.delegate.setConcurrencyLimit(concurrencyLimit);
		// the getters are final, and read a final field
		super.setConcurrencyLimit(concurrencyLimit);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public boolean isActive() {
		return this.delegate.isActive();
	}

	@Override
	public void setThreadNamePrefix(@Nullable String threadNamePrefix) {
		if (this.delegate != null) {
			this.delegate.setThreadNamePrefix(threadNamePrefix);
			SharedFields.copy(this.delegate, this);
		}
	}

	@Override
	public String getThreadNamePrefix() {
		return this.delegate.getThreadNamePrefix();
	}

	@Override
	public void setThreadPriority(int threadPriority) {
		this.delegate.setThreadPriority(threadPriority);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public int getThreadPriority() {
		return this.delegate.getThreadPriority();
	}

	@Override
	public void setDaemon(boolean daemon) {
		this.delegate.setDaemon(daemon);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public boolean isDaemon() {
		return this.delegate.isDaemon();
	}

	@Override
	public void setThreadGroupName(String name) {
		this.delegate.setThreadGroupName(name);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setThreadGroup(@Nullable ThreadGroup threadGroup) {
		this.delegate.setThreadGroup(threadGroup);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public @Nullable ThreadGroup getThreadGroup() {
		return this.delegate.getThreadGroup();
	}

	@Override
	public Thread createThread(Runnable runnable) {
		return this.delegate.createThread(runnable);
	}

	@Override
	public void execute(Runnable task) {
		this.intake.execute(task, this.throttled);
	}

	@Override
	@Deprecated(since = "0.1.0")
	public void execute(Runnable task, long startTimeout) {
		// an urgent task passes the throttle
		this.intake.execute(task, (startTimeout > TIMEOUT_IMMEDIATE) ? this.throttled
				: (urgent) -> this.delegate.execute(urgent, startTimeout));
	}

	@Override
	public Future<?> submit(Runnable task) {
		return this.intake.<@Nullable Object>submit(task, null, this.throttled);
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return this.intake.submit(task, this.throttled);
	}

	@Override
	public CompletableFuture<Void> submitCompletable(Runnable task) {
		return this.intake.submitCompletable(task, this.throttled);
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> submitCompletable(Callable<T> task) {
		return this.intake.submitCompletable(task, this.throttled);
	}

	@Override
	public void close() {
		this.delegate.close();
		SharedFields.copy(this.delegate, this);
		this.intake.executor().lookForEnd();
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
