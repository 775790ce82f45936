// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Takes what a scheduler gets by {@code execute} and {@code submit}: wrapped as what it
 * schedules is, so each task counts when it starts.
 */
@SuppressWarnings("NullAway") // the scheduler's own answer to null is the right one
final class ScheduledTaskIntake extends TaskIntake {

	private final ScheduleIntake schedules;

	ScheduledTaskIntake(MonitoredExecutor executor, ScheduleIntake schedules) {
		super(executor);
		this.schedules = schedules;
	}

	@Override
	void execute(@Nullable Runnable task, Executor target) {
		this.schedules.execute(task, target);
	}

	@Override
	<R extends @Nullable Object> R submitThrough(Runnable task, Function<Runnable, R> method) {
		return this.schedules.submit(task, method);
	}

	@Override
	<T extends @Nullable Object, R extends @Nullable Object> R submitThrough(Callable<T> task,
			Function<Callable<T>, R> method) {
		return this.schedules.submit(task, method);
	}

	@Override
	<T extends @Nullable Object> List<Callable<T>> wrapAll(Collection<? extends Callable<T>> tasks) {
		return this.schedules.wrapAll(tasks);
	}

}
