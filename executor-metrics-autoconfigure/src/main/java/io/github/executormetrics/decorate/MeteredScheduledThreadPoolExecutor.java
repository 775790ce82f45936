package io.github.executormetrics.decorate;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A {@link ScheduledThreadPoolExecutor} in front of another: what is scheduled is
 * metered, futures and everything else are the other's.
 */
@SuppressWarnings("NullAway") // each call is answered by the pool itself, null included
class MeteredScheduledThreadPoolExecutor extends ScheduledThreadPoolExecutor {

	private final ScheduledThreadPoolExecutor delegate;

	private final PoolIntake intake;

	private final ScheduleIntake schedules;

	MeteredScheduledThreadPoolExecutor(ScheduledThreadPoolExecutor delegate, PoolIntake intake) {
		// never starts a thread of its own
		super(0);
		this.delegate = delegate;
		this.intake = intake;
		this.schedules = new ScheduleIntake(intake.recorder());
	}

	@Override
	public void execute(Runnable task) {
		this.schedules.execute(task, this.delegate);
	}

	@Override
	public Future<?> submit(Runnable task) {
		return this.schedules.submit(task, this.delegate::submit);
	}

	@Override
	public <T> Future<T> submit(Runnable task, T result) {
		return this.schedules.submit(task, (run) -> this.delegate.submit(run, result));
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return this.schedules.submit(task, this.delegate::submit);
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
		return this.delegate.invokeAll(this.schedules.wrapAll(tasks));
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException {
		return this.delegate.invokeAll(this.schedules.wrapAll(tasks), timeout, unit);
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
		return this.delegate.invokeAny(this.schedules.wrapAll(tasks));
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException, ExecutionException, TimeoutException {
		return this.delegate.invokeAny(this.schedules.wrapAll(tasks), timeout, unit);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		return this.schedules.schedule(task, delay, unit, this.delegate);
	}

	@Override
	public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
		return this.schedules.schedule(task, delay, unit, this.delegate);
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
		return this.schedules.scheduleAtFixedRate(task, initialDelay, period, unit, this.delegate);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
		return this.schedules.scheduleWithFixedDelay(task, initialDelay, delay, unit, this.delegate);
	}

	@Override
	public void shutdown() {
		this.delegate.shutdown();
		this.intake.executor().lookForEnd();
	}

	@Override
	public List<Runnable> shutdownNow() {
		List<Runnable> handedBack = this.intake.handBack(this.delegate.shutdownNow());
		this.intake.executor().lookForEnd();
		return handedBack;
	}

	@Override
	public boolean isShutdown() {
		return this.delegate.isShutdown();
	}

	@Override
	public boolean isTerminating() {
		return this.delegate.isTerminating();
	}

	@Override
	public boolean isTerminated() {
		return this.delegate.isTerminated();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		boolean terminated = this.delegate.awaitTermination(timeout, unit);
		this.intake.executor().lookForEnd();
		return terminated;
	}

	@Override
	public void setThreadFactory(ThreadFactory threadFactory) {
		this.intake.setThreadFactory(this.delegate, threadFactory);
	}

	@Override
	public ThreadFactory getThreadFactory() {
		return PoolIntake.getThreadFactory(this.delegate);
	}

	@Override
	public void setRejectedExecutionHandler(RejectedExecutionHandler handler) {
		this.intake.setHandler(this.delegate, handler);
	}

	@Override
	public RejectedExecutionHandler getRejectedExecutionHandler() {
		return PoolIntake.getHandler(this.delegate);
	}

	@Override
	public void setCorePoolSize(int corePoolSize) {
		this.delegate.setCorePoolSize(corePoolSize);
	}

	@Override
	public int getCorePoolSize() {
		return this.delegate.getCorePoolSize();
	}

	@Override
	public boolean prestartCoreThread() {
		return this.delegate.prestartCoreThread();
	}

	@Override
	public int prestartAllCoreThreads() {
		return this.delegate.prestartAllCoreThreads();
	}

	@Override
	public boolean allowsCoreThreadTimeOut() {
		return this.delegate.allowsCoreThreadTimeOut();
	}

	@Override
	public void allowCoreThreadTimeOut(boolean value) {
		this.delegate.allowCoreThreadTimeOut(value);
	}

	@Override
	public void setMaximumPoolSize(int maximumPoolSize) {
		this.delegate.setMaximumPoolSize(maximumPoolSize);
	}

	@Override
	public int getMaximumPoolSize() {
		return this.delegate.getMaximumPoolSize();
	}

	@Override
	public void setKeepAliveTime(long time, TimeUnit unit) {
		this.delegate.setKeepAliveTime(time, unit);
	}

	@Override
	public long getKeepAliveTime(TimeUnit unit) {
		return this.delegate.getKeepAliveTime(unit);
	}

	@Override
	public BlockingQueue<Runnable> getQueue() {
		return this.delegate.getQueue();
	}

	@Override
	public boolean remove(Runnable task) {
		return this.intake.remove(this.delegate, task);
	}

	@Override
	public void purge() {
		this.delegate.purge();
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
	public int getLargestPoolSize() {
		return this.delegate.getLargestPoolSize();
	}

	@Override
	public long getTaskCount() {
		return this.delegate.getTaskCount();
	}

	@Override
	public long getCompletedTaskCount() {
		return this.delegate.getCompletedTaskCount();
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

	@Override
	public void setContinueExistingPeriodicTasksAfterShutdownPolicy(boolean value) {
		this.delegate.setContinueExistingPeriodicTasksAfterShutdownPolicy(value);
	}

	@Override
	public boolean getContinueExistingPeriodicTasksAfterShutdownPolicy() {
		return this.delegate.getContinueExistingPeriodicTasksAfterShutdownPolicy();
	}

	@Override
	public void setExecuteExistingDelayedTasksAfterShutdownPolicy(boolean value) {
		this.delegate.setExecuteExistingDelayedTasksAfterShutdownPolicy(value);
	}

	@Override
	public boolean getExecuteExistingDelayedTasksAfterShutdownPolicy() {
		return this.delegate.getExecuteExistingDelayedTasksAfterShutdownPolicy();
	}

	@Override
	public void setRemoveOnCancelPolicy(boolean value) {
		this.delegate.setRemoveOnCancelPolicy(value);
	}

	@Override
	public boolean getRemoveOnCancelPolicy() {
		return this.delegate.getRemoveOnCancelPolicy();
	}

}
