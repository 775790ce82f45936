package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * What one running task occupies: who runs what since when, and the figures of all tasks
 * that ran here before. Only the owner writes the figures, so they are plain additions;
 * the claim and the release of the slot order one owner's writes before the next one's.
 */
@SuppressWarnings("unused")
final class WorkerSlot extends TaskFrame {

	private static final VarHandle OWNER;

	private static final VarHandle TASK;

	private static final VarHandle START;

	private static final VarHandle SUBMITTED;

	private static final VarHandle MAX_WAIT;

	private static final VarHandle MAX_RUN;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			OWNER = lookup.findVarHandle(WorkerSlot.class, "owner", Thread.class);
			TASK = lookup.findVarHandle(WorkerSlot.class, "task", Object.class);
			START = lookup.findVarHandle(TaskFrame.class, "startNanos", long.class);
			SUBMITTED = lookup.findVarHandle(WorkerSlot.class, "submitted", long.class);
			MAX_WAIT = lookup.findVarHandle(WorkerSlot.class, "maxWait", long.class);
			MAX_RUN = lookup.findVarHandle(WorkerSlot.class, "maxRun", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private volatile @Nullable Thread owner;

	private @Nullable Object task;

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
	}

	boolean claim(Thread thread) {
		return this.owner == null && OWNER.compareAndSet(this, null, thread);
	}

	@Override
	void start(Object task, long now, long wait, boolean counted) {
		this.startNanos = now;
		if (!counted) {
			SUBMITTED.setOpaque(this, this.submitted + 1);
		}
		if (wait >= 0) {
			raise(MAX_WAIT, wait);
		}
		TASK.setRelease(this, task);
	}

	@Override
	void raiseRun(long run) {
		raise(MAX_RUN, run);
	}

	@Override
	void vacate() {
		TASK.setOpaque(this, null);
		OWNER.setRelease(this, null);
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
		if (this.owner != null && TASK.getAcquire(this) != null) {
			totals.running(age(now));
		}
	}

	/**
	 * What runs here now.
	 * @param now the current {@link System#nanoTime()}
	 * @return the task, or null where none does
	 */
	@Nullable RunningTask runningTask(long now) {
		Thread thread = this.owner;
		Object task = TASK.getAcquire(this);
		long age = age(now);
		// the slot may have changed hands meanwhile
		return (thread != null && task != null && TASK.getAcquire(this) == task && this.owner == thread)
				? new RunningTask(thread, task, age) : null;
	}

	/**
	 * How long the task runs: at least, where it is not timed, since the first look at it
	 * is then its start.
	 */
	private long age(long now) {
		long start = (long) START.getOpaque(this);
		if (start == UNTIMED) {
			start = (long) START.compareAndExchange(this, UNTIMED, now);
		}
		return (start != UNTIMED) ? Math.max(0, now - start) : 0;
	}

	long submitted() {
		return (long) SUBMITTED.getOpaque(this);
	}

	boolean isBusy() {
		return this.owner != null;
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
