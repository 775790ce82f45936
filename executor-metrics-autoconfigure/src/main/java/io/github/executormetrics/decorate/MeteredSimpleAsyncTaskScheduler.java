// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.util.ErrorHandler;

import io.github.executormetrics.task.ThrottleGate;

/**
 * A {@link SimpleAsyncTaskScheduler} in front of another: tasks and what is scheduled are
 * metered, futures and everything else are the other's.
 */
@SuppressWarnings({ "serial", "deprecation" })
public class MeteredSimpleAsyncTaskScheduler extends SimpleAsyncTaskScheduler {

	private final transient SimpleAsyncTaskScheduler delegate;

	private final transient TaskIntake intake;

	private final transient ThrottleGate gate;

	private final transient Executor throttled;

	private final transient ScheduleIntake schedules;

	MeteredSimpleAsyncTaskScheduler(SimpleAsyncTaskScheduler delegate, TaskIntake intake, ThrottleGate gate) {
		this.delegate = delegate;
		this.intake = intake;
		this.gate = gate;
		this.throttled = (task) -> throttled(() -> {
			delegate.execute(task);
			return true;
		});
		this.schedules = new ScheduleIntake(intake.recorder());
		// its pools are those of the other from here on
		super.close();
		super.setConcurrencyLimit(delegate.getConcurrencyLimit());
		SharedFields.copy(delegate, this);
	}

	private <R> R throttled(Supplier<R> call) {
		if (!this.delegate.isThrottleActive()) {
			return call.get();
		}
		int ticket = this.gate.enter();
		try {
			return call.get();
		}
		finally {
			this.gate.leave(ticket);
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
		// an urgent task passes the throttle, and none of these the ErrorHandler
		this.intake.execute(task, (startTimeout > TIMEOUT_IMMEDIATE) ? (run) -> throttled(() -> {
			this.delegate.execute(run, startTimeout);
			return true;
		}) : (urgent) -> this.delegate.execute(urgent, startTimeout));
	}

	// the delegate's own submit puts its ErrorHandler inside of the future

	@Override
	public Future<?> submit(Runnable task) {
		return this.schedules.submit(task, (run) -> throttled(() -> this.delegate.submit(run)));
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return this.schedules.submit(task, (run) -> throttled(() -> this.delegate.submit(run)));
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
	public void setErrorHandler(ErrorHandler errorHandler) {
		this.delegate.setErrorHandler(errorHandler);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setClock(Clock clock) {
		this.delegate.setClock(clock);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public Clock getClock() {
		return this.delegate.getClock();
	}

	@Override
	public void setPhase(int phase) {
		this.delegate.setPhase(phase);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public int getPhase() {
		return this.delegate.getPhase();
	}

	@Override
	public void setTargetTaskExecutor(Executor targetTaskExecutor) {
		this.delegate.setTargetTaskExecutor(targetTaskExecutor);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.delegate.setApplicationContext(applicationContext);
		SharedFields.copy(this.delegate, this);
	}

	@Override
	public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		return this.schedules.schedule(task, trigger, this.delegate);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		return this.schedules.schedule(task, startTime, this.delegate);
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		return this.schedules.scheduleAtFixedRate(task, startTime, period, this.delegate);
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		return this.schedules.scheduleAtFixedRate(task, period, this.delegate);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		return this.schedules.scheduleWithFixedDelay(task, startTime, delay, this.delegate);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		return this.schedules.scheduleWithFixedDelay(task, delay, this.delegate);
	}

	@Override
	public void start() {
		this.delegate.start();
	}

	@Override
	public void stop() {
		this.delegate.stop();
	}

	@Override
	public void stop(Runnable callback) {
		this.delegate.stop(callback);
	}

	@Override
	public boolean isRunning() {
		return this.delegate.isRunning();
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		this.delegate.onApplicationEvent(event);
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
