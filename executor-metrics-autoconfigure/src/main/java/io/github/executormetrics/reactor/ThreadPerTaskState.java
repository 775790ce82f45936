package io.github.executormetrics.reactor;

import java.util.function.Supplier;

import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.scheduler.Scheduler;

import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.task.TaskRecorder;

/**
 * What Reactor tells of its scheduler on virtual threads: how many tasks each of its
 * workers has yet to start, those that are not due included. So they count only while
 * there is no worker for them.
 */
final class ThreadPerTaskState implements ExecutorState {

	private final ThreadPerTaskScheduler scheduler;

	private final TaskRecorder recorder;

	ThreadPerTaskState(ThreadPerTaskScheduler scheduler, TaskRecorder recorder) {
		this.scheduler = scheduler;
		this.recorder = recorder;
	}

	static int limit(Scheduler scheduler) {
		Integer limit = Scannable.from(scheduler).scan(Attr.CAPACITY);
		return (limit != null) ? limit : NONE;
	}

	@Override
	public int busy() {
		return this.recorder.running();
	}

	@Override
	public int idle() {
		return 0;
	}

	@Override
	public int limit() {
		return this.scheduler.limit();
	}

	@Override
	public int queueDepth() {
		int busy = busy();
		// else the scheduler is not looked at, which would make a new one where it is
		// gone
		return (busy > 0 && busy >= limit()) ? queued() : 0;
	}

	private int queued() {
		Scheduler scheduler = this.scheduler.scheduler();
		return (int) Math.min(Integer.MAX_VALUE,
				scannable(scheduler).inners().mapToLong(ThreadPerTaskState::buffered).sum());
	}

	/**
	 * One that cannot be disposed tells its attributes and hides its workers.
	 */
	private static Scannable scannable(Scheduler scheduler) {
		Object own = (scheduler instanceof Supplier<?> cached) ? cached.get() : scheduler;
		return Scannable.from(own);
	}

	private static long buffered(Scannable worker) {
		// told as a long by this scheduler, as an int by others
		return (worker.scanUnsafe(Attr.BUFFERED) instanceof Number tasks) ? tasks.longValue() : 0;
	}

	@Override
	public int queueCapacity() {
		return NONE;
	}

	@Override
	public long oldestQueued(long now) {
		return (queueDepth() == 0) ? 0 : NONE;
	}

	@Override
	public boolean isQueuedBeforeSubmission() {
		return true;
	}

	@Override
	public boolean isGone() {
		return false;
	}

	@Override
	public boolean isAtRest() {
		return busy() == 0;
	}

}
