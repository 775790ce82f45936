// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.WorkerFigures;

/**
 * What the workers of a scheduler tell, added up. No worker takes what stands in the
 * queue of another.
 */
final class SchedulerState implements ExecutorState {

	private final SchedulerWorkers workers;

	SchedulerState(SchedulerWorkers workers) {
		this.workers = workers;
	}

	private int sum(ToIntFunction<ExecutorState> figure) {
		int sum = 0;
		for (WorkerLane lane : this.workers.lanes()) {
			ExecutorState state = lane.state();
			sum += (state != null) ? figure.applyAsInt(state) : 0;
		}
		return sum;
	}

	@Override
	public int busy() {
		return sum(ExecutorState::busy);
	}

	@Override
	public int idle() {
		return sum(ExecutorState::idle);
	}

	@Override
	public WorkerFigures workers() {
		int busy = 0;
		int idle = 0;
		for (WorkerLane lane : this.workers.lanes()) {
			ExecutorState state = lane.state();
			if (state != null) {
				WorkerFigures figures = state.workers();
				busy += figures.busy();
				idle += figures.idle();
			}
		}
		// a worker that makes room takes its count away; the recorder has them all
		return new WorkerFigures(busy, idle, NONE);
	}

	@Override
	public List<Thread> threads() {
		return this.workers.lanes().stream().map(WorkerLane::thread).filter(Objects::nonNull).toList();
	}

	@Override
	public int limit() {
		return this.workers.limit();
	}

	@Override
	public int queueDepth() {
		return sum(ExecutorState::queueDepth);
	}

	@Override
	public long oldestQueued(long now) {
		long oldest = 0;
		for (WorkerLane lane : this.workers.lanes()) {
			ExecutorState state = lane.state();
			oldest = (state != null) ? Math.max(oldest, state.oldestQueued(now)) : oldest;
		}
		return oldest;
	}

	@Override
	public void forEachQueued(int atMost, Consumer<Object> queued) {
		for (WorkerLane lane : this.workers.lanes()) {
			ExecutorState state = lane.state();
			if (state != null) {
				state.forEachQueued(atMost, queued);
			}
		}
	}

	@Override
	public boolean isQueuedBeforeSubmission() {
		return true;
	}

	@Override
	public boolean isGone() {
		return this.workers.isEnded();
	}

	@Override
	public boolean isAtRest() {
		return this.workers.lanes()
			.stream()
			.map(WorkerLane::state)
			.allMatch((state) -> state == null || state.isAtRest());
	}

}
