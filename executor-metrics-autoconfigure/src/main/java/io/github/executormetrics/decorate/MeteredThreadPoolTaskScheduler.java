package io.github.executormetrics.decorate;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * A {@link ThreadPoolTaskScheduler} in front of another: tasks and what is scheduled are
 * metered, futures are the other's, and the pool that users see is one that meters as
 * well. Public, so that JMX and others that reflect on the class of a bean can call it.
 */
@SuppressWarnings("serial")
public class MeteredThreadPoolTaskScheduler extends DelegatingThreadPoolTaskScheduler {

	private final transient PoolIntake intake;

	private final transient ScheduleIntake schedules;

	private final transient TaskIntake completable;

	MeteredThreadPoolTaskScheduler(ThreadPoolTaskScheduler delegate, PoolIntake intake) {
		super(delegate);
		this.intake = intake;
		this.schedules = new ScheduleIntake(intake.recorder());
		this.completable = new ScheduledTaskIntake(intake.executor(), this.schedules);
	}

	@Override
	public void execute(Runnable task) {
		this.schedules.execute(task, delegate());
	}

	@Override
	public Future<?> submit(Runnable task) {
		return this.schedules.submit(task, delegate()::submit);
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return this.schedules.submit(task, delegate()::submit);
	}

	@Override
	public CompletableFuture<Void> submitCompletable(Runnable task) {
		return this.completable.submitCompletable(task, delegate());
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> submitCompletable(Callable<T> task) {
		return this.completable.submitCompletable(task, delegate());
	}

	@Override
	public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		return this.schedules.schedule(task, trigger, delegate());
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		return this.schedules.schedule(task, startTime, delegate());
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		return this.schedules.scheduleAtFixedRate(task, startTime, period, delegate());
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		return this.schedules.scheduleAtFixedRate(task, period, delegate());
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		return this.schedules.scheduleWithFixedDelay(task, startTime, delay, delegate());
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		return this.schedules.scheduleWithFixedDelay(task, delay, delegate());
	}

	@Override
	public ScheduledExecutorService getScheduledExecutor() {
		ScheduledExecutorService executor = delegate().getScheduledExecutor();
		return (executor instanceof ScheduledThreadPoolExecutor) ? getScheduledThreadPoolExecutor() : executor;
	}

	@Override
	public ScheduledThreadPoolExecutor getScheduledThreadPoolExecutor() {
		return (ScheduledThreadPoolExecutor) this.intake.view(delegate().getScheduledThreadPoolExecutor());
	}

	@Override
	public void shutdown() {
		try {
			super.shutdown();
		}
		finally {
			this.intake.executor().lookForEnd();
		}
	}

	@Override
	public void destroy() {
		try {
			super.destroy();
		}
		finally {
			this.intake.executor().lookForEnd();
		}
	}

}
