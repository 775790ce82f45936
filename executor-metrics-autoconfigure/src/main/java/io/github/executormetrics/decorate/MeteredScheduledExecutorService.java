// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * A {@link ScheduledExecutorService} in front of one whose own type nobody can name: what
 * runs is wrapped, futures are the other's.
 */
public class MeteredScheduledExecutorService extends MeteredExecutorService implements ScheduledExecutorService {

	private final ScheduledExecutorService delegate;

	private final ScheduleIntake schedules;

	/**
	 * Create a decorator.
	 * @param delegate the scheduler
	 * @param intake where go the tasks that are not scheduled
	 * @param schedules where go those that are
	 */
	MeteredScheduledExecutorService(ScheduledExecutorService delegate, TaskIntake intake, ScheduleIntake schedules) {
		super(delegate, intake, false);
		this.delegate = delegate;
		this.schedules = schedules;
	}

	/**
	 * Meter a scheduler whose every task counts when it starts.
	 * @param delegate the scheduler
	 * @param executor its entry
	 * @return the decorator
	 */
	public static ScheduledExecutorService of(ScheduledExecutorService delegate, MonitoredExecutor executor) {
		ScheduleIntake schedules = new ScheduleIntake(executor.recorder());
		return new MeteredScheduledExecutorService(delegate, new ScheduledTaskIntake(executor, schedules), schedules);
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
