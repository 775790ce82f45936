// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskRecorder;

/**
 * One scheduler of Reactor's and its workers that live: each has one thread and a queue
 * of its own. Changed under the lock of the hook, read without one.
 */
final class SchedulerWorkers implements KnownScheduler {

	private final WeakReference<Scheduler> scheduler;

	private final Class<?> type;

	private final String name;

	private final int limit;

	private final SchedulerHook hook;

	// held by the workers, which the scheduler holds
	private final List<WeakReference<WorkerLane>> lanes = new CopyOnWriteArrayList<>();

	private List<MonitoredExecutor> executors = List.of();

	private volatile boolean ended;

	SchedulerWorkers(Scheduler scheduler, SchedulerHook hook) {
		this.scheduler = new WeakReference<>(scheduler);
		this.type = scheduler.getClass();
		this.name = SchedulerName.of(scheduler);
		this.limit = KnownScheduler.limitOf(scheduler);
		this.hook = hook;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Class<?> type() {
		return this.type;
	}

	@Override
	public int limit() {
		return this.limit;
	}

	@Override
	public @Nullable String reason() {
		boolean hidden = lanes().stream().anyMatch((lane) -> lane.state() == null);
		return hidden ? "another decorator hides the workers and their queues" : null;
	}

	@Override
	public ExecutorState state(TaskRecorder recorder) {
		return new SchedulerState(this);
	}

	boolean isOf(Scheduler scheduler) {
		return this.scheduler.get() == scheduler;
	}

	ScheduledExecutorService add(ScheduledExecutorService original) {
		WorkerLane lane = new WorkerLane(original, this);
		lane.meter(this.executors);
		this.lanes.add(new WeakReference<>(lane));
		return lane.worker();
	}

	@Override
	public void meter(List<MonitoredExecutor> executors) {
		this.executors = executors;
		lanes().forEach((lane) -> lane.meter(executors));
	}

	List<WorkerLane> lanes() {
		return this.lanes.stream().map(WeakReference::get).filter(Objects::nonNull).toList();
	}

	/**
	 * Forget a worker that is shut down: an idle one makes room, or the scheduler comes
	 * to its end.
	 * @param lane the way to it
	 */
	void ended(WorkerLane lane) {
		this.lanes.removeIf((known) -> known.refersTo(lane) || known.refersTo(null));
		this.hook.sweep();
	}

	@Override
	public boolean checkEnded() {
		Scheduler scheduler = this.scheduler.get();
		// one without workers has not ended, it makes new ones
		this.ended = scheduler == null || (isDisposed(scheduler) && lanes().isEmpty());
		return this.ended;
	}

	private static boolean isDisposed(Scheduler scheduler) {
		try {
			return scheduler.isDisposed();
		}
		catch (Throwable ex) {
			// one of the user's, for which no other is to fail
			return false;
		}
	}

	boolean isEnded() {
		return this.ended;
	}

}
