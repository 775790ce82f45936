// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.RunningTask;

/**
 * Takes the stacks of an executor's workers, at most once in three seconds, since all
 * threads stop for it. For the watch's thread only, but for the count.
 */
public final class WorkerStacks {

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(3);

	private static final int WORKERS_AT_MOST = 64;

	private static final int FRAMES_AT_MOST = 64;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private final Map<MonitoredExecutor, Taken> taken = new IdentityHashMap<>();

	private volatile long takes;

	/**
	 * The workers of an executor, the longest runs first.
	 * @param executor the executor
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return what was seen, up to three seconds ago
	 */
	List<SeenWorker> of(MonitoredExecutor executor, long nanos) {
		Taken last = this.taken.get(executor);
		if (last == null || nanos - last.nanos() >= PAUSE) {
			last = new Taken(nanos, take(running(executor, nanos)));
			this.taken.put(executor, last);
			this.takes = this.takes + 1;
		}
		return last.workers();
	}

	/**
	 * A worker of an executor, unless it has gone on to another task since it was seen.
	 * @param executor the executor
	 * @param task what the worker runs now
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return what was seen, or null
	 */
	@Nullable SeenWorker find(MonitoredExecutor executor, RunningTask task, long nanos) {
		return find(of(executor, nanos), task);
	}

	/**
	 * A worker of an executor that waits, seen at any time since it waits for the same:
	 * its stack cannot have changed.
	 * @param executor the executor
	 * @param task what the worker runs now
	 * @param blocker what it waits at now, or null where that is not known
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return what was seen, or null
	 */
	@Nullable SeenWorker findWaiting(MonitoredExecutor executor, RunningTask task, @Nullable Object blocker, long nanos) {
		Taken last = this.taken.get(executor);
		SeenWorker seen = (last != null && blocker != null) ? find(last.workers(), task) : null;
		return (seen != null && seen.blocker() == blocker) ? seen : find(executor, task, nanos);
	}

	private static @Nullable SeenWorker find(List<SeenWorker> workers, RunningTask task) {
		for (SeenWorker worker : workers) {
			if (worker.isIn(task)) {
				return worker;
			}
		}
		return null;
	}

	/**
	 * Let go of what was seen of the others, whose tasks must not be held; what is asked
	 * for again soon would else be taken again too soon.
	 * @param executors those that are still of interest
	 * @param nanos the {@link System#nanoTime()} of the look
	 */
	public void keepOnly(Collection<MonitoredExecutor> executors, long nanos) {
		if (!this.taken.isEmpty()) {
			this.taken.entrySet()
				.removeIf((entry) -> nanos - entry.getValue().nanos() >= PAUSE && !executors.contains(entry.getKey()));
		}
	}

	/**
	 * How often the stacks of an executor's workers were taken.
	 * @return a number that never falls
	 */
	public long takes() {
		return this.takes;
	}

	/**
	 * Where tasks are not seen, the threads that the executor tells of stand for them.
	 */
	private static List<RunningTask> running(MonitoredExecutor executor, long nanos) {
		return (executor.coverage() != Coverage.STATE) ? executor.recorder().runningTasks(nanos)
				: executor.threads().live().stream().map(RunningTask::unseen).toList();
	}

	private static List<SeenWorker> take(List<RunningTask> running) {
		RunningTask[] tasks = running.stream()
			.sorted((one, other) -> Long.compare(other.ageNanos(), one.ageNanos()))
			.limit(WORKERS_AT_MOST)
			.toArray(RunningTask[]::new);
		ThreadInfo[] infos = THREADS.getThreadInfo(Arrays.stream(tasks).mapToLong(RunningTask::threadId).toArray(),
				FRAMES_AT_MOST);
		List<SeenWorker> workers = new ArrayList<>(tasks.length);
		for (int i = 0; i < tasks.length; i++) {
			Thread thread = tasks[i].thread();
			ThreadInfo info = infos[i];
			Object blocker = LockSupport.getBlocker(thread);
			// virtual threads are not known there
			SeenWorker worker = (info != null)
					? new SeenWorker(tasks[i], info.getThreadState(), List.of(info.getStackTrace()), blocker)
					: see(tasks[i], thread, blocker);
			if (worker != null) {
				workers.add(worker);
			}
		}
		return workers;
	}

	private static @Nullable SeenWorker see(RunningTask task, Thread thread, @Nullable Object blocker) {
		try {
			return new SeenWorker(task, thread.getState(), cut(thread.getStackTrace()), blocker);
		}
		catch (Throwable ex) {
			// a class of the user's, which hides its own thread only
			return null;
		}
	}

	private static List<StackTraceElement> cut(StackTraceElement[] frames) {
		return List.of((frames.length > FRAMES_AT_MOST) ? Arrays.copyOf(frames, FRAMES_AT_MOST) : frames);
	}

	private record Taken(long nanos, List<SeenWorker> workers) {

	}

}
