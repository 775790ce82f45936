// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import reactor.core.Scannable;
import reactor.core.Scannable.Attr;

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
		// asked with each look of the watch
		this.scheduler.lookForHook();
		int busy = busy();
		// else the scheduler is not looked at, which would make a new one where it is
		// gone
		return (busy > 0 && busy >= limit()) ? queued() : 0;
	}

	private int queued() {
		return (int) Math.min(Integer.MAX_VALUE,
				Scannable.from(this.scheduler.own()).inners().mapToLong(ThreadPerTaskState::buffered).sum());
	}

	private static long buffered(Scannable worker) {
		// told as a long by this scheduler, as an int by others
		return (worker.scanUnsafe(Attr.BUFFERED) instanceof Number tasks) ? tasks.longValue() : 0;
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
