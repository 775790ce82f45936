// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.WorkerThreads;
import io.github.executormetrics.monitor.WorkerUsage;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.Threads;

/**
 * The threads that work for an executor, and what they have used since the start, those
 * that ended included.
 *
 * @param started threads that have started to work for it
 * @param ended those of them that work no more
 * @param unknown workers that it has besides, such as those that were there before it was
 * decorated; left out where there are none
 * @param parks how often one of them began to wait, for a task or within one
 * @param unparks how often such a wait ended
 * @param blocked how often one of them was blocked at a monitor
 * @param cpuMillis their CPU time
 * @param cpuUtilization their CPU time over worker time in the last window, 0 to 1, left
 * out before the first window has passed
 * @param workers those that live, at most 100: those that run a task first, the oldest
 * task first
 * @since 0.1.0
 */
public record ThreadsDescriptor(long started, long ended, @Nullable Long unknown, @Nullable Long parks,
		@Nullable Long unparks, @Nullable Long blocked, @Nullable Double cpuMillis, @Nullable Double cpuUtilization,
		List<WorkerDescriptor> workers) {

	private static final int AT_MOST = 100;

	static @Nullable ThreadsDescriptor of(MonitoredExecutor executor, boolean showNames) {
		WorkerThreads threads = executor.threads();
		List<Thread> live = threads.live();
		if (!threads.isKnown()) {
			return null;
		}
		WorkerUsage usage = threads.usage();
		boolean measured = threads.isMeasured();
		long unknown = (long) executor.busy() + executor.idle() - live.size();
		double cpuUtilization = executor.cpuUtilization();
		return new ThreadsDescriptor(usage.started(), usage.ended(), (unknown > 0) ? unknown : null,
				measured ? usage.parks() : null, measured ? usage.unparks() : null, measured ? usage.blocks() : null,
				measured ? ExecutorDescriptor.millis(usage.cpuNanos()) : null,
				!Double.isNaN(cpuUtilization) ? Math.round(cpuUtilization * 1000) / 1000.0 : null,
				workers(executor, live, showNames));
	}

	private static List<WorkerDescriptor> workers(MonitoredExecutor executor, List<Thread> live, boolean showNames) {
		Map<Thread, RunningTask> running = new IdentityHashMap<>();
		executor.recorder().runningTasks(System.nanoTime()).forEach((task) -> running.put(task.thread(), task));
		return live.stream()
			.map((thread) -> WorkerDescriptor.of(thread, running.get(thread)))
			.sorted(WorkerDescriptor.ORDER)
			.limit(AT_MOST)
			.map((worker) -> showNames ? worker : worker.withoutName())
			.toList();
	}

	/**
	 * A thread that works for an executor.
	 *
	 * @param name its name, left out where stacks are not shown
	 * @param state what it does
	 * @param task the name of the task that it runs, left out where it runs none that is
	 * seen
	 * @param ageMillis for how long it runs that task
	 */
	public record WorkerDescriptor(@Nullable String name, Thread.@Nullable State state, @Nullable String task,
			@Nullable Double ageMillis) {

		static final Comparator<WorkerDescriptor> ORDER = Comparator
			.comparing((WorkerDescriptor worker) -> (worker.ageMillis != null) ? -worker.ageMillis : 1)
			.thenComparing(WorkerDescriptor::name, Comparator.nullsLast(Comparator.naturalOrder()));

		private WorkerDescriptor withoutName() {
			return new WorkerDescriptor(null, this.state, this.task, this.ageMillis);
		}

		private static WorkerDescriptor of(Thread thread, @Nullable RunningTask running) {
			return new WorkerDescriptor(thread.getName(), Threads.state(thread),
					(running != null) ? running.name().value() : null,
					(running != null) ? ExecutorDescriptor.millis(running.ageNanos()) : null);
		}

	}

}
