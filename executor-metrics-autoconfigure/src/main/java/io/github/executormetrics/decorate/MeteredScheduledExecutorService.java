package io.github.executormetrics.decorate;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A {@link ScheduledExecutorService} in front of one whose own type nobody can name: what
 * runs is wrapped, futures are the other's.
 */
final class MeteredScheduledExecutorService extends MeteredExecutorService implements ScheduledExecutorService {

	private final ScheduledExecutorService delegate;

	private final ScheduleIntake schedules;

	MeteredScheduledExecutorService(ScheduledExecutorService delegate, TaskIntake intake) {
		super(delegate, intake, false);
		this.delegate = delegate;
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

}
