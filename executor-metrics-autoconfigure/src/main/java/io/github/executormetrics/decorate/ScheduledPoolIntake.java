// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Takes what a scheduled pool gets without a delay. That is due at once, so it is a task
 * from its acceptance on, as on any other pool. The futures stay the JDK's: what is
 * cancelled in the queue is counted once the pool is at rest.
 */
@SuppressWarnings("NullAway") // the pool's own answer to null is the right one
final class ScheduledPoolIntake extends PoolIntake {

	ScheduledPoolIntake(ScheduledThreadPoolExecutor pool, MonitoredExecutor executor) {
		super(pool, executor);
	}

	@Override
	void execute(@Nullable Runnable task, Executor target) {
		super.execute(ErrorHandledTask.inside(task),
				(metered) -> target.execute(ErrorHandledTask.around(task, metered)));
	}

	@Override
	<R extends @Nullable Object> R submitThrough(Runnable task, Function<Runnable, R> method) {
		return super.submitThrough(ErrorHandledTask.inside(task),
				(metered) -> method.apply(ErrorHandledTask.around(task, metered)));
	}

	@Override
	<T extends @Nullable Object, R extends @Nullable Object> R submitThrough(Callable<T> task,
			Function<Callable<T>, R> method) {
		return super.submitThrough(ErrorHandledTask.inside(task),
				(metered) -> method.apply(ErrorHandledTask.around(task, metered)));
	}

}
