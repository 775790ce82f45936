// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The longest wait and run of the last one to two minutes. Written by one thread at a
 * time, or by several where they share it.
 */
@SuppressWarnings("unused")
abstract class TaskMaxima {

	private static final VarHandle MAX_WAIT = field("maxWait");

	private static final VarHandle MAX_WAIT_BEFORE = field("maxWaitBefore");

	private static final VarHandle MAX_RUN = field("maxRun");

	private static final VarHandle MAX_RUN_BEFORE = field("maxRunBefore");

	private static final VarHandle PERIOD = field("period");

	// 69 seconds: a maximum is that of the last one to two of them
	private static final int PERIOD_BITS = 36;

	private final boolean shared;

	private long maxWait;

	private long maxWaitBefore;

	private long maxRun;

	private long maxRunBefore;

	private long period;

	TaskMaxima(boolean shared) {
		this.shared = shared;
	}

	private static VarHandle field(String name) {
		return FieldHandles.find(MethodHandles.lookup(), TaskMaxima.class, name, long.class);
	}

	/**
	 * Whether several threads write at once.
	 * @return whether they share it
	 */
	final boolean isShared() {
		return this.shared;
	}

	final void raiseWait(long now, long wait) {
		roll(now);
		raise(MAX_WAIT, wait);
	}

	final void raiseRun(long now, long run) {
		roll(now);
		raise(MAX_RUN, run);
	}

	final long maxWait(long now) {
		return max(MAX_WAIT, MAX_WAIT_BEFORE, now);
	}

	final long maxRun(long now) {
		return max(MAX_RUN, MAX_RUN_BEFORE, now);
	}

	private long max(VarHandle current, VarHandle before, long now) {
		long periods = (now >> PERIOD_BITS) - (long) PERIOD.getOpaque(this);
		if (periods > 1) {
			return 0;
		}
		long max = (long) current.getOpaque(this);
		return (periods == 1) ? max : Math.max(max, (long) before.getOpaque(this));
	}

	private void roll(long now) {
		long period = now >> PERIOD_BITS;
		if (!isKnown(period)) {
			begin(period);
		}
	}

	/**
	 * The one before counts as the one that is: a thread that stood still after it read
	 * the clock takes the slot of one that did not.
	 */
	private boolean isKnown(long period) {
		long ahead = this.period - period;
		return ahead == 0 || ahead == 1;
	}

	// once in a period; where it is shared, two may come
	private synchronized void begin(long period) {
		if (isKnown(period)) {
			return;
		}
		boolean next = period == this.period + 1;
		// in one step, or a maximum that another thread raises in between would be lost
		long wait = (long) MAX_WAIT.getAndSet(this, 0L);
		long run = (long) MAX_RUN.getAndSet(this, 0L);
		MAX_WAIT_BEFORE.setOpaque(this, next ? wait : 0L);
		MAX_RUN_BEFORE.setOpaque(this, next ? run : 0L);
		PERIOD.setOpaque(this, period);
	}

	private void raise(VarHandle max, long value) {
		long known = (long) max.getOpaque(this);
		if (!this.shared) {
			if (value > known) {
				max.setOpaque(this, value);
			}
			return;
		}
		while (value > known && !max.compareAndSet(this, known, value)) {
			known = (long) max.getOpaque(this);
		}
	}

}
