// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * What one running task occupies: who runs what since when, and the figures of all tasks
 * that ran here before. Only the owner writes the figures, so they are plain additions;
 * the claim and the release of the slot order one owner's writes before the next one's.
 * <p>
 * It holds no reference to the task: G1 answers each store of a young object into an old
 * one with a fence, and with a card that its refinement threads clean again. What is told
 * of a task stands here as numbers, and is published by the start; a future of the user's
 * alone is held while it runs, since others may wait for it.
 */
@SuppressWarnings("unused")
final class WorkerSlot extends TaskFrame {

	/**
	 * The start where the slot is free.
	 */
	private static final long FREE = Long.MAX_VALUE;

	/**
	 * The start where the slot has an owner whose task has not started.
	 */
	private static final long CLAIMED = FREE - 1;

	private static final VarHandle THREAD = field(WorkerSlot.class, "thread", Thread.class);

	private static final VarHandle SUBMITTED_AT = field(WorkerSlot.class, "submittedAt", long.class);

	private static final VarHandle SUBMITTER = field(WorkerSlot.class, "submitter", int.class);

	private static final VarHandle FUTURE = field(WorkerSlot.class, "future", Future.class);

	private static final VarHandle START = field(TaskFrame.class, "startNanos", long.class);

	private static final VarHandle SUBMITTED = field(WorkerSlot.class, "submitted", long.class);

	private static final VarHandle MAX_WAIT = field(WorkerSlot.class, "maxWait", long.class);

	private static final VarHandle MAX_RUN = field(WorkerSlot.class, "maxRun", long.class);

	// of the last owner, too, where it is a worker: mostly the next one is the same
	private @Nullable Thread thread;

	private long lastId;

	private boolean passing;

	private long submittedAt;

	private int submitter;

	private @Nullable Future<?> future;

	private long submitted;

	private long maxWait;

	private long maxRun;

	// keeps what is written here out of the cache line of another slot
	private long pad0;

	private long pad1;

	private long pad2;

	private long pad3;

	private long pad4;

	private long pad5;

	private long pad6;

	WorkerSlot() {
		super(new TaskFiguresTable());
		this.startNanos = FREE;
	}

	private static VarHandle field(Class<?> owner, String name, Class<?> type) {
		return FieldHandles.find(MethodHandles.lookup(), owner, name, type);
	}

	boolean claim(Thread thread) {
		if ((long) START.getOpaque(this) != FREE || !START.compareAndSet(this, FREE, CLAIMED)) {
			return false;
		}
		// who sees what follows sees that the task before it is gone
		VarHandle.releaseFence();
		if (this.thread != thread) {
			enter(thread);
		}
		return true;
	}

	/**
	 * One that comes twice in a row is taken for a worker, which is kept: a thread of one
	 * task would hold on to that task.
	 */
	private void enter(Thread thread) {
		long id = Threads.id(thread);
		this.passing = id != this.lastId;
		this.lastId = id;
		THREAD.setOpaque(this, thread);
	}

	@Override
	void submitted(long submittedAt, int submitter, @Nullable Future<?> future) {
		SUBMITTED_AT.setOpaque(this, submittedAt);
		SUBMITTER.setOpaque(this, submitter);
		if (future != null) {
			FUTURE.setOpaque(this, future);
		}
	}

	@Override
	void start(long now, long wait, boolean counted) {
		if (!counted) {
			SUBMITTED.setOpaque(this, this.submitted + 1);
		}
		if (wait >= 0) {
			raise(MAX_WAIT, wait);
		}
		START.setRelease(this, now);
	}

	@Override
	void raiseRun(long run) {
		raise(MAX_RUN, run);
	}

	@Override
	void vacate() {
		if (this.future != null) {
			FUTURE.setOpaque(this, null);
		}
		if (this.passing) {
			THREAD.setOpaque(this, null);
		}
		START.setRelease(this, FREE);
	}

	/**
	 * Add what stands here to the totals.
	 * @param totals where to add
	 * @param now the current {@link System#nanoTime()}
	 */
	void addTo(TaskTotals.Builder totals, long now) {
		// who sees a completion sees the submission before it
		figures().addTo(totals);
		totals.submitted((long) SUBMITTED.getOpaque(this));
		long start = seeStart(now);
		if (isStarted(start)) {
			totals.running(Math.max(0, now - start));
		}
	}

	/**
	 * What runs here now.
	 * @param now the current {@link System#nanoTime()}
	 * @return the task, or null where none does
	 */
	@Nullable RunningTask runningTask(long now) {
		long start = seeStart(now);
		Thread thread = (Thread) THREAD.getOpaque(this);
		if (!isStarted(start) || thread == null) {
			return null;
		}
		RunningTask task = new RunningTask(thread, current().name(), start, Math.max(0, now - start),
				(long) SUBMITTED_AT.getOpaque(this), (int) SUBMITTER.getOpaque(this),
				(Future<?>) FUTURE.getOpaque(this));
		VarHandle.acquireFence();
		// the slot may have changed hands meanwhile
		return ((long) START.getOpaque(this) == start) ? task : null;
	}

	/**
	 * When the task started. One that is not timed starts with the first look at it,
	 * which is how long it runs at least.
	 */
	private long seeStart(long now) {
		long start = (long) START.getAcquire(this);
		if (start == UNTIMED) {
			// read anew, since it may have started after the look began and would seem
			// older than it is; a clock that a test moves is ahead of this one
			long clock = System.nanoTime();
			long seen = (clock - now > 0) ? clock : now;
			long witness = (long) START.compareAndExchange(this, UNTIMED, seen);
			return (witness != UNTIMED) ? witness : seen;
		}
		return start;
	}

	private static boolean isStarted(long start) {
		return start != FREE && start != CLAIMED;
	}

	/**
	 * Let go of a worker once it has ended.
	 * @return whether there was one
	 */
	boolean forgetEnded() {
		Thread last = (Thread) THREAD.getOpaque(this);
		// one that is not alive takes the slot no more
		return last != null && !isBusy() && !last.isAlive() && THREAD.compareAndSet(this, last, null);
	}

	long submitted() {
		return (long) SUBMITTED.getOpaque(this);
	}

	boolean isBusy() {
		return (long) START.getAcquire(this) != FREE;
	}

	long takeMaxWait() {
		return take(MAX_WAIT);
	}

	long takeMaxRun() {
		return take(MAX_RUN);
	}

	private long take(VarHandle max) {
		// looked at first: a write takes the line from the worker, and mostly nothing ran
		return ((long) max.getOpaque(this) != 0) ? (long) max.getAndSet(this, 0L) : 0;
	}

	private void raise(VarHandle max, long value) {
		long known = (long) max.getOpaque(this);
		// the reader may take the maximum away between the two: then this one is the next
		while (value > known && !max.compareAndSet(this, known, value)) {
			known = (long) max.getOpaque(this);
		}
	}

}
