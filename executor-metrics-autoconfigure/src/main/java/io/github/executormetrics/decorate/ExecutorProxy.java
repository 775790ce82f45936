// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.MeteredExecutorService.FutureMaker;
import io.github.executormetrics.task.MeteredTask;

/**
 * The class-based proxy of an executor: only the methods that take a task and those that
 * give the pool away are advised.
 */
// arguments are the caller's
@SuppressWarnings({ "unchecked", "deprecation", "NullAway" })
final class ExecutorProxy {

	private ExecutorProxy() {
	}

	/**
	 * Stand in front of a subclass of {@link ThreadPoolExecutor} of the user's.
	 * @param target the bean
	 * @param intake where its tasks go through
	 * @return the proxy
	 */
	static Object of(ThreadPoolExecutor target, PoolIntake intake) {
		Advice advice = adviseEnd(target, intake);
		if (target instanceof ScheduledThreadPoolExecutor scheduled) {
			adviseScheduledPool(advice, scheduled, intake);
		}
		else {
			adviseExecutor(advice, target, intake);
			adviseService(advice, target, intake);
			advice.on("getQueue", (args) -> intake.queue(target.getQueue()));
		}
		advice.on("shutdownNow", (args) -> intake.handBack(target.shutdownNow()));
		advice.on("remove", (args) -> intake.remove(target, (Runnable) args[0]), Runnable.class);
		advice.on("getThreadFactory", (args) -> PoolIntake.getThreadFactory(target));
		advice.on("setThreadFactory", (args) -> {
			intake.setThreadFactory(target, (ThreadFactory) args[0]);
			return null;
		}, ThreadFactory.class);
		advice.on("getRejectedExecutionHandler", (args) -> PoolIntake.getHandler(target));
		advice.on("setRejectedExecutionHandler", (args) -> {
			intake.setHandler(target, (RejectedExecutionHandler) args[0]);
			return null;
		}, RejectedExecutionHandler.class);
		return advice.proxy();
	}

	/**
	 * Stand in front of any other executor.
	 * @param target the bean, an {@link Executor}, a {@link TaskScheduler} or both
	 * @param intake where its tasks go through
	 * @return the proxy
	 */
	static Object of(Object target, TaskIntake intake) {
		Advice advice = adviseEnd(target, intake);
		ScheduleIntake schedules = new ScheduleIntake(intake.recorder());
		if (target instanceof Executor executor) {
			adviseExecutor(advice, executor, intake);
		}
		if (target instanceof AsyncTaskExecutor executor) {
			adviseAsync(advice, executor, intake);
		}
		if (target instanceof ExecutorService service) {
			adviseService(advice, service, intake);
			advice.on("shutdownNow", (args) -> {
				List<Runnable> handedBack = service.shutdownNow();
				handedBack.forEach(intake.recorder()::dropped);
				return handedBack.stream().map(MeteredTask::unwrap).toList();
			});
		}
		if (target instanceof ScheduledExecutorService service) {
			adviseScheduledService(advice, service, schedules);
		}
		if (target instanceof TaskScheduler scheduler) {
			adviseScheduler(advice, scheduler, schedules);
		}
		return advice.proxy();
	}

	/**
	 * An executor that was handed in goes when it has ended; a bean stays.
	 */
	private static Advice adviseEnd(Object target, TaskIntake intake) {
		Advice advice = new Advice(target);
		if (target instanceof AbstractExecutorService) {
			// an ExecutorCompletionService asks the proxy, which may not ask the JDK's
			// class
			advice.on("newTaskFor", (args) -> new FutureTask<>((Callable<Object>) args[0]), Callable.class);
			advice.on("newTaskFor", (args) -> new FutureTask<>((Runnable) args[0], args[1]), Runnable.class,
					Object.class);
		}
		if (intake.executor().origin() == ExecutorOrigin.PROGRAMMATIC) {
			Runnable lookForEnd = intake.executor()::lookForEnd;
			Stream.of("shutdown", "shutdownNow", "close", "destroy").forEach((name) -> advice.after(name, lookForEnd));
			advice.after("awaitTermination", lookForEnd, long.class, TimeUnit.class);
		}
		return advice;
	}

	private static void adviseExecutor(Advice advice, Executor target, TaskIntake intake) {
		advice.on("execute", (args) -> {
			intake.execute((Runnable) args[0], target);
			return null;
		}, Runnable.class);
	}

	private static void adviseAsync(Advice advice, AsyncTaskExecutor target, TaskIntake intake) {
		advice.on("execute", (args) -> {
			intake.execute((Runnable) args[0], (task) -> target.execute(task, (long) args[1]));
			return null;
		}, Runnable.class, long.class);
		boolean own = advice.isInherited("submit", Runnable.class);
		advice.on("submit",
				(args) -> (args[0] == null) ? target.submit((Runnable) args[0])
						: own ? intake.submit((Runnable) args[0], null, target)
								: intake.submitThrough((Runnable) args[0], target::submit),
				Runnable.class);
		boolean ownCallable = advice.isInherited("submit", Callable.class);
		advice.on(
				"submit", (
						args) -> (args[0] == null) ? target.submit((Callable<Object>) args[0])
								: ownCallable ? intake.submit((Callable<Object>) args[0], target)
										: intake.submitThrough((Callable<Object>) args[0], target::submit),
				Callable.class);
		boolean ownCompletable = advice.isInherited("submitCompletable", Runnable.class);
		advice.on(
				"submitCompletable", (
						args) -> (args[0] == null) ? target.submitCompletable((Runnable) args[0])
								: ownCompletable ? intake.submitCompletable((Runnable) args[0], target)
										: intake.submitThrough((Runnable) args[0], target::submitCompletable),
				Runnable.class);
		boolean ownCompletableCall = advice.isInherited("submitCompletable", Callable.class);
		advice.on("submitCompletable",
				(args) -> (args[0] == null) ? target.submitCompletable((Callable<Object>) args[0])
						: ownCompletableCall ? intake.submitCompletable((Callable<Object>) args[0], target)
								: intake.submitThrough((Callable<Object>) args[0], target::submitCompletable),
				Callable.class);
	}

	private static void adviseService(Advice advice, ExecutorService target, TaskIntake intake) {
		boolean plain = target instanceof AbstractExecutorService;
		FutureMaker futures = new FutureMaker(target, intake);
		boolean own = plain && advice.isInherited("submit", Runnable.class);
		advice.on("submit",
				(args) -> (args[0] == null) ? target.submit((Runnable) args[0])
						: own ? futures.submit((Runnable) args[0])
								: intake.submitThrough((Runnable) args[0], (task) -> target.submit(task)),
				Runnable.class);
		boolean ownResult = plain && advice.isInherited("submit", Runnable.class, Object.class);
		advice.on("submit",
				(args) -> (args[0] == null) ? target.submit((Runnable) args[0], args[1])
						: ownResult ? futures.submit((Runnable) args[0], args[1])
								: intake.submitThrough((Runnable) args[0], (task) -> target.submit(task, args[1])),
				Runnable.class, Object.class);
		boolean ownCallable = plain && advice.isInherited("submit", Callable.class);
		advice.on("submit",
				(args) -> (args[0] == null) ? target.submit((Callable<Object>) args[0])
						: ownCallable ? futures.submit((Callable<Object>) args[0])
								: intake.submitThrough((Callable<Object>) args[0], (task) -> target.submit(task)),
				Callable.class);
		boolean ownBulk = plain && isInheritedBulk(advice);
		adviseBulk(advice, ownBulk ? futures : target, ownBulk ? null : intake);
	}

	private static boolean isInheritedBulk(Advice advice) {
		return advice.isInherited("invokeAll", Collection.class)
				&& advice.isInherited("invokeAll", Collection.class, long.class, TimeUnit.class)
				&& advice.isInherited("invokeAny", Collection.class)
				&& advice.isInherited("invokeAny", Collection.class, long.class, TimeUnit.class);
	}

	private static void adviseBulk(Advice advice, ExecutorService target, @Nullable TaskIntake wrapping) {
		advice.on("invokeAll", (args) -> target.invokeAll(tasks(args, wrapping)), Collection.class);
		advice.on("invokeAll", (args) -> target.invokeAll(tasks(args, wrapping), (long) args[1], (TimeUnit) args[2]),
				Collection.class, long.class, TimeUnit.class);
		advice.on("invokeAny", (args) -> target.invokeAny(tasks(args, wrapping)), Collection.class);
		advice.on("invokeAny", (args) -> target.invokeAny(tasks(args, wrapping), (long) args[1], (TimeUnit) args[2]),
				Collection.class, long.class, TimeUnit.class);
	}

	private static Collection<Callable<Object>> tasks(Object[] args, @Nullable TaskIntake wrapping) {
		Collection<Callable<Object>> tasks = (Collection<Callable<Object>>) args[0];
		return (wrapping != null && tasks != null) ? wrapping.wrapAll(tasks) : tasks;
	}

	private static void adviseScheduledPool(Advice advice, ScheduledThreadPoolExecutor target, TaskIntake intake) {
		adviseExecutor(advice, target, intake);
		advice.on("submit", (args) -> intake.submitThrough((Runnable) args[0], (task) -> target.submit(task)),
				Runnable.class);
		advice.on("submit", (args) -> intake.submitThrough((Runnable) args[0], (task) -> target.submit(task, args[1])),
				Runnable.class, Object.class);
		advice.on("submit", (args) -> intake.submitThrough((Callable<Object>) args[0], (task) -> target.submit(task)),
				Callable.class);
		adviseScheduledService(advice, target, new ScheduleIntake(intake.recorder()));
		adviseBulk(advice, target, intake);
	}

	private static void adviseScheduledService(Advice advice, ScheduledExecutorService target,
			ScheduleIntake schedules) {
		advice.on("schedule",
				(args) -> schedules.schedule((Runnable) args[0], (long) args[1], (TimeUnit) args[2], target),
				Runnable.class, long.class, TimeUnit.class);
		advice.on("schedule",
				(args) -> schedules.schedule((Callable<Object>) args[0], (long) args[1], (TimeUnit) args[2], target),
				Callable.class, long.class, TimeUnit.class);
		advice.on(
				"scheduleAtFixedRate", (args) -> schedules.scheduleAtFixedRate((Runnable) args[0], (long) args[1],
						(long) args[2], (TimeUnit) args[3], target),
				Runnable.class, long.class, long.class, TimeUnit.class);
		advice.on(
				"scheduleWithFixedDelay", (args) -> schedules.scheduleWithFixedDelay((Runnable) args[0], (long) args[1],
						(long) args[2], (TimeUnit) args[3], target),
				Runnable.class, long.class, long.class, TimeUnit.class);
	}

	private static void adviseScheduler(Advice advice, TaskScheduler target, ScheduleIntake schedules) {
		advice.on("schedule", (args) -> schedules.schedule((Runnable) args[0], (Trigger) args[1], target),
				Runnable.class, Trigger.class);
		advice.on("schedule", (args) -> schedules.schedule((Runnable) args[0], (Instant) args[1], target),
				Runnable.class, Instant.class);
		advice.on("scheduleAtFixedRate", (args) -> schedules.scheduleAtFixedRate((Runnable) args[0], (Instant) args[1],
				(Duration) args[2], target), Runnable.class, Instant.class, Duration.class);
		advice.on("scheduleAtFixedRate",
				(args) -> schedules.scheduleAtFixedRate((Runnable) args[0], (Duration) args[1], target), Runnable.class,
				Duration.class);
		advice.on("scheduleWithFixedDelay", (args) -> schedules.scheduleWithFixedDelay((Runnable) args[0],
				(Instant) args[1], (Duration) args[2], target), Runnable.class, Instant.class, Duration.class);
		advice.on("scheduleWithFixedDelay",
				(args) -> schedules.scheduleWithFixedDelay((Runnable) args[0], (Duration) args[1], target),
				Runnable.class, Duration.class);
		adviseDates(advice, target, schedules);
	}

	/**
	 * The deprecated methods with dates, which the target would send to itself.
	 */
	private static void adviseDates(Advice advice, TaskScheduler target, ScheduleIntake schedules) {
		advice.on("schedule", (args) -> schedules.schedule((Runnable) args[0], ((Date) args[1]).toInstant(), target),
				Runnable.class, Date.class);
		advice.on(
				"scheduleAtFixedRate", (args) -> schedules.scheduleAtFixedRate((Runnable) args[0],
						((Date) args[1]).toInstant(), Duration.ofMillis((long) args[2]), target),
				Runnable.class, Date.class, long.class);
		advice.on("scheduleAtFixedRate",
				(args) -> schedules.scheduleAtFixedRate((Runnable) args[0], Duration.ofMillis((long) args[1]), target),
				Runnable.class, long.class);
		advice.on(
				"scheduleWithFixedDelay", (args) -> schedules.scheduleWithFixedDelay((Runnable) args[0],
						((Date) args[1]).toInstant(), Duration.ofMillis((long) args[2]), target),
				Runnable.class, Date.class, long.class);
		advice.on("scheduleWithFixedDelay", (args) -> schedules.scheduleWithFixedDelay((Runnable) args[0],
				Duration.ofMillis((long) args[1]), target), Runnable.class, long.class);
	}

}
