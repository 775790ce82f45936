// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

import io.github.executormetrics.task.Due;
import io.github.executormetrics.task.MeteredRun;
import io.github.executormetrics.task.PeriodicTask;
import io.github.executormetrics.task.TaskRecorder;

/**
 * Takes what is scheduled: wraps what runs and leaves the future to the scheduler.
 */
@SuppressWarnings("NullAway") // the scheduler's own answer to null is the right one
final class ScheduleIntake {

	// 73 years: "never" is allowed, and no sum of two may overflow
	private static final long FAR = Long.MAX_VALUE / 4;

	private final TaskRecorder recorder;

	ScheduleIntake(TaskRecorder recorder) {
		this.recorder = recorder;
	}

	TaskRecorder recorder() {
		return this.recorder;
	}

	void execute(Runnable task, Executor target) {
		hand(() -> {
			target.execute(run(task, Due.once(System.nanoTime())));
			return true;
		});
	}

	<R> R submit(Runnable task, Function<Runnable, R> method) {
		return hand(() -> method.apply(run(task, Due.once(System.nanoTime()))));
	}

	<T, R> R submit(Callable<T> task, Function<Callable<T>, R> method) {
		return hand(() -> method.apply(call(task, Due.once(System.nanoTime()))));
	}

	<T> List<Callable<T>> wrapAll(Collection<? extends Callable<T>> tasks) {
		if (tasks == null) {
			return null;
		}
		Due due = Due.once(System.nanoTime());
		List<Callable<T>> wrapped = new ArrayList<>();
		// no stream: an executor asks the user's collection for its iterator only
		for (Callable<T> task : tasks) {
			wrapped.add(this.<T>call(task, due));
		}
		return wrapped;
	}

	ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit, ScheduledExecutorService target) {
		return hand(() -> {
			ScheduledFuture<?> triggered = triggered(task, unit.toNanos(delay), target);
			return (triggered != null) ? triggered : target.schedule(run(task, Due.once(in(delay, unit))), delay, unit);
		});
	}

	private @Nullable ScheduledFuture<?> triggered(Runnable task, long delay, ScheduledExecutorService target) {
		// one in the past, as an overrun rate gives, is late already
		Due.Said due = new Due.Said(System.nanoTime() + Math.min(FAR, delay));
		return TriggeredTask.schedule(task, delay, (own) -> run(own, due), (trigger) -> tell(trigger, due), target);
	}

	<V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit, ScheduledExecutorService target) {
		return hand(() -> target.schedule(this.<V>call(task, Due.once(in(delay, unit))), delay, unit));
	}

	ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit,
			ScheduledExecutorService target) {
		Due due = Due.rate(in(initialDelay, unit), Math.min(FAR, unit.toNanos(period)));
		return repeat(task, due, target::isShutdown,
				(run) -> target.scheduleAtFixedRate(run, initialDelay, period, unit));
	}

	ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit,
			ScheduledExecutorService target) {
		Due due = Due.delay(in(initialDelay, unit), Math.min(FAR, unit.toNanos(delay)));
		return repeat(task, due, target::isShutdown,
				(run) -> target.scheduleWithFixedDelay(run, initialDelay, delay, unit));
	}

	@Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger, TaskScheduler target) {
		if (trigger == null) {
			return target.schedule(task, trigger);
		}
		Due.Said due = new Due.Said(System.nanoTime());
		return hand(() -> target.schedule(run(task, due), tell(trigger, due)));
	}

	/**
	 * Note when the trigger says the next run is due. Told against the scheduler's clock
	 * at this instant, so that a later change of the clock is no lateness.
	 */
	private static Trigger tell(Trigger trigger, Due.Said due) {
		return (context) -> {
			Instant execution = trigger.nextExecution(context);
			if (execution != null) {
				// one in the past, as an overrun rate gives, is late already
				due.say(System.nanoTime() + until(execution, context::getClock));
			}
			return execution;
		};
	}

	ScheduledFuture<?> schedule(Runnable task, Instant start, TaskScheduler target) {
		return hand(() -> target.schedule(run(task, Due.once(at(start, target))), start));
	}

	ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant start, Duration period, TaskScheduler target) {
		Due due = Due.rate(at(start, target), nanos(period));
		return repeat(task, due, () -> isStopped(target), (run) -> target.scheduleAtFixedRate(run, start, period));
	}

	ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period, TaskScheduler target) {
		Due due = Due.rate(System.nanoTime(), nanos(period));
		return repeat(task, due, () -> isStopped(target), (run) -> target.scheduleAtFixedRate(run, period));
	}

	ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant start, Duration delay, TaskScheduler target) {
		Due due = Due.delay(at(start, target), nanos(delay));
		return repeat(task, due, () -> isStopped(target), (run) -> target.scheduleWithFixedDelay(run, start, delay));
	}

	ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay, TaskScheduler target) {
		Due due = Due.delay(System.nanoTime(), nanos(delay));
		return repeat(task, due, () -> isStopped(target), (run) -> target.scheduleWithFixedDelay(run, delay));
	}

	private ScheduledFuture<?> repeat(Runnable task, Due due, BooleanSupplier stopped,
			Function<Runnable, ScheduledFuture<?>> schedule) {
		PeriodicTask periodic = this.recorder.periodic().create(stopped);
		ScheduledFuture<?> future = hand(() -> schedule.apply(run(task, due, periodic)));
		periodic.scheduled(future);
		return future;
	}

	private static boolean isStopped(TaskScheduler target) {
		return target instanceof SimpleAsyncTaskExecutor executor && !executor.isActive();
	}

	private Runnable run(Runnable task, Due due) {
		return run(task, due, null);
	}

	private Runnable run(Runnable task, Due due, @Nullable PeriodicTask periodic) {
		if (task == null) {
			return task;
		}
		Runnable own = ErrorHandledTask.inside(task);
		return ErrorHandledTask.around(task,
				MeteredScheduledMethod.of(own, MeteredRun.of(own, this.recorder, due, periodic)));
	}

	private <V> Callable<V> call(Callable<V> task, Due due) {
		if (task == null) {
			return task;
		}
		return ErrorHandledTask.around(task, MeteredRun.of(ErrorHandledTask.inside(task), this.recorder, due));
	}

	private <R> R hand(Supplier<R> call) {
		try {
			return call.get();
		}
		catch (RejectedExecutionException ex) {
			this.recorder.rejected();
			throw ex;
		}
	}

	private static long in(long delay, TimeUnit unit) {
		// the JDK takes a negative delay for none
		return System.nanoTime() + Math.min(FAR, Math.max(0, unit.toNanos(delay)));
	}

	private static long at(Instant start, TaskScheduler target) {
		// a start in the past is due now, as it is to the scheduler
		return System.nanoTime() + Math.max(0, until(start, target::getClock));
	}

	private static long until(Instant time, Supplier<Clock> clock) {
		Instant now;
		try {
			now = clock.get().instant();
		}
		catch (Throwable ex) {
			// a clock of the user's
			now = Instant.now();
		}
		return nanos(Duration.between(now, time));
	}

	private static long nanos(Duration duration) {
		return Math.min(FAR, TimeUnit.NANOSECONDS.convert(duration));
	}

}
