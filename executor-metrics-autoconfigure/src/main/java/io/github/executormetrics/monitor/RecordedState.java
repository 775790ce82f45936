// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.lang.ref.WeakReference;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskRecorder;
import io.github.executormetrics.task.ThrottleGate;

/**
 * The state of an executor that tells nothing itself: what was submitted and does not run
 * yet is its queue. Where it has a concurrency throttle, the submitters before it are.
 *
 * @param <E> the type of the executor
 */
final class RecordedState<E> implements ExecutorState {

	private final WeakReference<E> executor;

	private final TaskRecorder recorder;

	private final ToIntFunction<E> limit;

	private final Predicate<E> closed;

	private final Predicate<E> virtual;

	private final @Nullable ThrottleGate gate;

	RecordedState(E executor, TaskRecorder recorder, ToIntFunction<E> limit, Predicate<E> closed, Predicate<E> virtual,
			@Nullable ThrottleGate gate) {
		this.executor = new WeakReference<>(executor);
		this.recorder = recorder;
		this.limit = limit;
		this.closed = closed;
		this.virtual = virtual;
		this.gate = gate;
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
		E executor = this.executor.get();
		return (executor != null) ? Math.max(NONE, this.limit.applyAsInt(executor)) : NONE;
	}

	@Override
	public int queueDepth() {
		if (this.gate == null) {
			return unstarted();
		}
		// below its limit nobody is held, only passing through
		int held = isAtLimit() ? this.gate.depth() : 0;
		// a virtual thread that waits for a carrier is past the throttle and does not run
		return (held == 0 && isOnVirtualThreads()) ? unstarted() : held;
	}

	private boolean isAtLimit() {
		int limit = limit();
		return limit >= 0 && busy() >= limit;
	}

	private int unstarted() {
		var totals = this.recorder.totals(System.nanoTime());
		return (int) Math.max(0, totals.active() - totals.running());
	}

	@Override
	public long oldestQueued(long now) {
		if (queueDepth() == 0) {
			return 0;
		}
		return (this.gate != null && this.gate.depth() > 0) ? this.gate.oldest(now) : NONE;
	}

	@Override
	public void forEachQueued(int atMost, Consumer<Object> queued) {
		if (this.gate != null) {
			this.gate.forEach(queued);
		}
	}

	@Override
	public boolean isQueuedBeforeSubmission() {
		return this.gate != null;
	}

	@Override
	public int roomBeforeWorker() {
		// at its limit it starts no more, and below it holds nobody
		return (this.gate != null && limit() > 0 && isAtLimit()) ? Integer.MAX_VALUE : NONE;
	}

	@Override
	public boolean isOnVirtualThreads() {
		E executor = this.executor.get();
		return this.recorder.isOnVirtualThreads() || (executor != null && this.virtual.test(executor));
	}

	@Override
	public boolean isGone() {
		return this.executor.get() == null;
	}

	@Override
	public boolean isEnded() {
		E executor = this.executor.get();
		if (executor == null || !this.closed.test(executor)) {
			return executor == null;
		}
		// what a service handed back or dropped stays active; without one, a task may not
		// have begun yet
		boolean begun = this.gate == null || this.recorder.totals(System.nanoTime()).active() == 0;
		return begun && this.recorder.running() == 0;
	}

	@Override
	public boolean isAtRest() {
		// only the end of a service proves that what never started never will
		return this.executor.get() instanceof ExecutorService service && service.isTerminated();
	}

}
