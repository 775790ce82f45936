// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.Collection;
import java.util.List;
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
class MeteredScheduledThreadPoolExecutor extends DelegatingScheduledThreadPoolExecutor {

	private final ScheduledThreadPoolExecutor delegate;

	private final PoolIntake intake;

	private final ScheduleIntake schedules;

	MeteredScheduledThreadPoolExecutor(ScheduledThreadPoolExecutor delegate, PoolIntake intake) {
		super(delegate);
		this.delegate = delegate;
		this.intake = intake;
		this.schedules = new ScheduleIntake(intake.recorder());
	}

	final ScheduledThreadPoolExecutor pool() {
		return this.delegate;
	}

	@Override
	public void execute(Runnable task) {
		this.intake.execute(task, this.delegate);
	}

	@Override
	public Future<?> submit(Runnable task) {
		return this.intake.submitThrough(task, this.delegate::submit);
	}

	@Override
	public <T> Future<T> submit(Runnable task, T result) {
		return this.intake.submitThrough(task, (run) -> this.delegate.submit(run, result));
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return this.intake.submitThrough(task, this.delegate::submit);
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
		super.shutdown();
		this.intake.executor().lookForEnd();
	}

	@Override
	public List<Runnable> shutdownNow() {
		List<Runnable> handedBack = this.intake.handBack(super.shutdownNow());
		this.intake.executor().lookForEnd();
		return handedBack;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		boolean terminated = super.awaitTermination(timeout, unit);
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
	public boolean remove(Runnable task) {
		return this.intake.remove(this.delegate, task);
	}

}
