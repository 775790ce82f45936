package io.github.executormetrics.decorate;

import java.time.Clock;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ErrorHandler;

/**
 * A {@link ThreadPoolTaskScheduler} in front of another, which answers every method that
 * takes no task. Public, so that JMX and others that reflect on the class of a bean can
 * call it.
 */
@SuppressWarnings("serial")
public abstract class DelegatingThreadPoolTaskScheduler extends ThreadPoolTaskScheduler {

	private final transient ThreadPoolTaskScheduler delegate;

	DelegatingThreadPoolTaskScheduler(ThreadPoolTaskScheduler delegate) {
		this.delegate = delegate;
	}

	ThreadPoolTaskScheduler delegate() {
		return this.delegate;
	}

	@Override
	public void setPoolSize(int poolSize) {
		this.delegate.setPoolSize(poolSize);
	}

	@Override
	public int getPoolSize() {
		return this.delegate.getPoolSize();
	}

	@Override
	public int getActiveCount() {
		return this.delegate.getActiveCount();
	}

	@Override
	public void setRemoveOnCancelPolicy(boolean flag) {
		this.delegate.setRemoveOnCancelPolicy(flag);
	}

	@Override
	public boolean isRemoveOnCancelPolicy() {
		return this.delegate.isRemoveOnCancelPolicy();
	}

	@Override
	public void setContinueExistingPeriodicTasksAfterShutdownPolicy(boolean flag) {
		this.delegate.setContinueExistingPeriodicTasksAfterShutdownPolicy(flag);
	}

	@Override
	public void setExecuteExistingDelayedTasksAfterShutdownPolicy(boolean flag) {
		this.delegate.setExecuteExistingDelayedTasksAfterShutdownPolicy(flag);
	}

	@Override
	public void setTaskDecorator(TaskDecorator taskDecorator) {
		this.delegate.setTaskDecorator(taskDecorator);
	}

	@Override
	public void setErrorHandler(ErrorHandler errorHandler) {
		this.delegate.setErrorHandler(errorHandler);
	}

	@Override
	public void setClock(Clock clock) {
		this.delegate.setClock(clock);
	}

	@Override
	public Clock getClock() {
		return this.delegate.getClock();
	}

	@Override
	public void setBeanName(String name) {
		this.delegate.setBeanName(name);
	}

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.delegate.setApplicationContext(applicationContext);
	}

	@Override
	public void setThreadFactory(@Nullable ThreadFactory threadFactory) {
		this.delegate.setThreadFactory(threadFactory);
	}

	@Override
	public void setVirtualThreads(boolean virtualThreads) {
		this.delegate.setVirtualThreads(virtualThreads);
	}

	@Override
	public void setThreadNamePrefix(@Nullable String threadNamePrefix) {
		this.delegate.setThreadNamePrefix(threadNamePrefix);
	}

	@Override
	public String getThreadNamePrefix() {
		return this.delegate.getThreadNamePrefix();
	}

	@Override
	public void setThreadPriority(int threadPriority) {
		this.delegate.setThreadPriority(threadPriority);
	}

	@Override
	public int getThreadPriority() {
		return this.delegate.getThreadPriority();
	}

	@Override
	public void setDaemon(boolean daemon) {
		this.delegate.setDaemon(daemon);
	}

	@Override
	public boolean isDaemon() {
		return this.delegate.isDaemon();
	}

	@Override
	public void setThreadGroupName(String name) {
		this.delegate.setThreadGroupName(name);
	}

	@Override
	public void setThreadGroup(@Nullable ThreadGroup threadGroup) {
		this.delegate.setThreadGroup(threadGroup);
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
	public Thread newThread(Runnable runnable) {
		return this.delegate.newThread(runnable);
	}

	@Override
	public void setRejectedExecutionHandler(@Nullable RejectedExecutionHandler rejectedExecutionHandler) {
		this.delegate.setRejectedExecutionHandler(rejectedExecutionHandler);
	}

	@Override
	public void setAcceptTasksAfterContextClose(boolean acceptTasksAfterContextClose) {
		this.delegate.setAcceptTasksAfterContextClose(acceptTasksAfterContextClose);
	}

	@Override
	public void setWaitForTasksToCompleteOnShutdown(boolean waitForJobsToCompleteOnShutdown) {
		this.delegate.setWaitForTasksToCompleteOnShutdown(waitForJobsToCompleteOnShutdown);
	}

	@Override
	public void setAwaitTerminationSeconds(int awaitTerminationSeconds) {
		this.delegate.setAwaitTerminationSeconds(awaitTerminationSeconds);
	}

	@Override
	public void setAwaitTerminationMillis(long awaitTerminationMillis) {
		this.delegate.setAwaitTerminationMillis(awaitTerminationMillis);
	}

	@Override
	public void setPhase(int phase) {
		this.delegate.setPhase(phase);
	}

	@Override
	public int getPhase() {
		return this.delegate.getPhase();
	}

	@Override
	public void afterPropertiesSet() {
		this.delegate.afterPropertiesSet();
	}

	@Override
	public void initialize() {
		this.delegate.initialize();
	}

	@Override
	public void initiateShutdown() {
		this.delegate.initiateShutdown();
	}

	@Override
	public void shutdown() {
		this.delegate.shutdown();
	}

	@Override
	public void destroy() {
		this.delegate.destroy();
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
