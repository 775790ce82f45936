// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.MeteredFutureTask;

/**
 * A {@link ThreadPoolExecutor} in front of another: tasks are metered, everything else is
 * the other's.
 */
@SuppressWarnings("NullAway") // each call is answered by the pool itself, null included
class MeteredThreadPoolExecutor extends ThreadPoolExecutor {

	private final ThreadPoolExecutor delegate;

	private final PoolIntake intake;

	MeteredThreadPoolExecutor(ThreadPoolExecutor delegate, PoolIntake intake) {
		// never starts a thread of its own; the JDK's factory would number the next
		// pool's
		super(0, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), (task) -> new Thread(task));
		this.delegate = delegate;
		this.intake = intake;
		// else it would be one more pool in thread dumps
		super.shutdown();
	}

	final ThreadPoolExecutor pool() {
		return this.delegate;
	}

	@Override
	public void execute(Runnable task) {
		this.intake.execute(task, this.delegate);
	}

	// not the inherited ones: a Java agent would bring the context in which they are
	// called to the user's task itself, within the span of ours

	@Override
	public Future<?> submit(Runnable task) {
		return this.intake.<@Nullable Object>submit(task, null, this.delegate);
	}

	@Override
	public <T> Future<T> submit(Runnable task, T result) {
		return this.intake.submit(task, result, this.delegate);
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return this.intake.submit(task, this.delegate);
	}

	@Override
	protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
		return new MeteredFutureTask<>(task, this.intake.recorder());
	}

	@Override
	protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
		return new MeteredFutureTask<>(task, value, this.intake.recorder());
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
		return this.intake.queue(this.delegate.getQueue());
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

}
