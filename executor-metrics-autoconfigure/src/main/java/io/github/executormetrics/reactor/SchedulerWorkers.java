package io.github.executormetrics.reactor;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;

import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.scheduler.Scheduler;

import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.task.TaskRecorder;

/**
 * One scheduler of Reactor's and its workers that live: each has one thread and a queue
 * of its own. Changed under the lock of the hook, read without one.
 */
final class SchedulerWorkers {

	private final WeakReference<Scheduler> scheduler;

	private final Class<?> type;

	private final String name;

	private final int limit;

	private final SchedulerHook hook;

	// held by the workers, which the scheduler holds
	private final List<WeakReference<WorkerLane>> lanes = new CopyOnWriteArrayList<>();

	private List<TaskRecorder> recorders = List.of();

	private volatile boolean ended;

	SchedulerWorkers(Scheduler scheduler, SchedulerHook hook) {
		this.scheduler = new WeakReference<>(scheduler);
		this.type = scheduler.getClass();
		this.name = SchedulerName.of(scheduler);
		Integer limit = Scannable.from(scheduler).scan(Attr.CAPACITY);
		this.limit = (limit != null && limit > 0) ? limit : ExecutorState.NONE;
		this.hook = hook;
	}

	String name() {
		return this.name;
	}

	Class<?> type() {
		return this.type;
	}

	/**
	 * How many workers there may be.
	 * @return the limit, or {@link ExecutorState#NONE}
	 */
	int limit() {
		return this.limit;
	}

	boolean isOf(Scheduler scheduler) {
		return this.scheduler.get() == scheduler;
	}

	ScheduledExecutorService add(ScheduledExecutorService original) {
		WorkerLane lane = new WorkerLane(original, this);
		lane.meter(this.recorders);
		this.lanes.add(new WeakReference<>(lane));
		return lane.worker();
	}

	/**
	 * Lead the tasks of all workers past these recorders from now on.
	 * @param recorders one for each application
	 */
	void meter(List<TaskRecorder> recorders) {
		this.recorders = recorders;
		lanes().forEach((lane) -> lane.meter(recorders));
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

	/**
	 * Look whether the scheduler has come to its end. One without workers has not, it
	 * makes new ones.
	 * @return whether it is gone
	 */
	boolean checkEnded() {
		Scheduler scheduler = this.scheduler.get();
		this.ended = scheduler == null || (scheduler.isDisposed() && lanes().isEmpty());
		return this.ended;
	}

	boolean isEnded() {
		return this.ended;
	}

}
