// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.Due;
import io.github.executormetrics.task.MeteredRun;
import io.github.executormetrics.task.SafeLog;
import io.github.executormetrics.task.TaskRecorder;
import io.github.executormetrics.task.VirtualThreads;

/**
 * Reactor's bounded elastic scheduler on virtual threads: it has no workers that could be
 * decorated, so its tasks are seen by the hook of all tasks, and told by the names of
 * their threads.
 */
final class ThreadPerTaskScheduler implements KnownScheduler, Function<Runnable, Runnable> {

	private static final SafeLog logger = new SafeLog(ThreadPerTaskScheduler.class);

	private static final String THREADS = "loomBoundedElastic-";

	private static final String ON_VIRTUAL_THREADS = "on virtual threads, Reactor shows its tasks only while they run: "
			+ "their waits, rejections and cancellations are not visible. Its queue is visible only while all workers "
			+ "are busy, and includes tasks that are not due";

	private static final String UNHOOKED = "on virtual threads, Reactor shows its tasks to hooks only, and "
			+ "Schedulers.resetOnScheduleHooks() has removed the hook of executor-metrics: remove single hooks with "
			+ "resetOnScheduleHook(key) instead";

	private final SchedulerHook hook;

	private final Supplier<Scheduler> scheduler;

	private volatile boolean used;

	private volatile boolean hooked = true;

	private volatile List<MonitoredExecutor> executors = List.of();

	private volatile TaskRecorder[] recorders = new TaskRecorder[0];

	ThreadPerTaskScheduler(SchedulerHook hook, Supplier<Scheduler> scheduler) {
		this.hook = hook;
		this.scheduler = scheduler;
	}

	/**
	 * Whether Reactor was told to use virtual threads, and the JVM has them.
	 * @return whether its bounded elastic scheduler is this one
	 */
	static boolean isInUse() {
		return Schedulers.DEFAULT_BOUNDED_ELASTIC_ON_VIRTUAL_THREADS && VirtualThreads.areKnown();
	}

	@Override
	public Runnable apply(Runnable task) {
		return new HookedTask(task, this);
	}

	void run(Runnable task) {
		if (!Thread.currentThread().getName().startsWith(THREADS)) {
			task.run();
			return;
		}
		if (!this.used) {
			// those that start meanwhile wait for it, or they would not be counted
			addToHook();
			this.used = true;
		}
		Runnable metered = task;
		for (TaskRecorder recorder : this.recorders) {
			metered = MeteredRun.of(metered, recorder, Due.unknown());
		}
		metered.run();
	}

	private void addToHook() {
		try {
			this.hook.add(this);
		}
		catch (Throwable ex) {
			// a scheduler of the user's that cannot be read: its tasks run
			logger.info("The tasks of " + name() + " are not metered: " + SafeLog.describe(ex));
		}
	}

	/**
	 * The scheduler itself: what Reactor gives out cannot be disposed, and hides its
	 * class and its workers.
	 */
	Scheduler own() {
		Scheduler given = this.scheduler.get();
		return (given instanceof Supplier<?> cached && cached.get() instanceof Scheduler own) ? own : given;
	}

	@Override
	public String name() {
		return "reactor-boundedElastic";
	}

	@Override
	public Class<?> type() {
		return own().getClass();
	}

	@Override
	public int limit() {
		return KnownScheduler.limitOf(this.scheduler.get());
	}

	@Override
	public @Nullable String reason() {
		return this.hooked ? ON_VIRTUAL_THREADS : UNHOOKED;
	}

	/**
	 * Look whether tasks still pass the hook, and say so if that has changed:
	 * {@code Schedulers.resetOnScheduleHooks()} removes those of everybody.
	 */
	void lookForHook() {
		boolean hooked = ScheduleHooks.contains(SchedulerHook.KEY);
		if (hooked != this.hooked) {
			this.hooked = hooked;
			this.executors.forEach((executor) -> executor.cover(coverage(), reason()));
		}
	}

	@Override
	public Coverage coverage() {
		return this.hooked ? Coverage.TASKS : Coverage.NONE;
	}

	@Override
	public ExecutorState state(TaskRecorder recorder) {
		return new ThreadPerTaskState(this, recorder);
	}

	@Override
	public void meter(List<MonitoredExecutor> executors) {
		this.executors = executors;
		this.recorders = executors.stream().map(MonitoredExecutor::recorder).toArray(TaskRecorder[]::new);
	}

	@Override
	public boolean checkEnded() {
		return false;
	}

	/**
	 * A task of any scheduler, whose thread tells once it runs.
	 *
	 * @param task the task
	 * @param scheduler where it may belong
	 */
	record HookedTask(Runnable task, ThreadPerTaskScheduler scheduler) implements Runnable {

		@Override
		public void run() {
			this.scheduler.run(this.task);
		}

	}

}
