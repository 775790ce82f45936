// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Where tasks are counted that found no slot.
 */
final class Overflow {

	private static final int STRIPES = 8;

	// a cache line each
	private static final int PADDING = 8;

	private final StartTimes startTimes = new StartTimes();

	private final LongAdder submitted = new LongAdder();

	private final LongAccumulator maxWait = new LongAccumulator(Math::max, 0);

	private final LongAccumulator maxRun = new LongAccumulator(Math::max, 0);

	// a few, so that they are not all at one; what stands here is counted nowhere else
	private final TaskFiguresTable[] figures = new TaskFiguresTable[STRIPES];

	private volatile boolean unused = true;

	// tasks that have a frame and have not started, for each stripe
	private final AtomicLongArray claimed = new AtomicLongArray(STRIPES * PADDING);

	Overflow() {
		for (int i = 0; i < STRIPES; i++) {
			this.figures[i] = new TaskFiguresTable();
		}
	}

	boolean isUnused() {
		return this.unused;
	}

	TaskFrame frame(long threadId) {
		if (this.unused) {
			this.unused = false;
		}
		int stripe = (int) threadId & (STRIPES - 1);
		this.claimed.incrementAndGet(stripe * PADDING);
		return new Frame(this, this.figures[stripe], stripe);
	}

	TaskFiguresTable[] figures() {
		return this.figures;
	}

	long submitted() {
		return this.submitted.sum();
	}

	long running() {
		return this.startTimes.running();
	}

	/**
	 * Whether a task has a frame and has not left it.
	 * @return whether something may be counted in a frame that was made before this call
	 */
	boolean isBusy() {
		if (this.unused) {
			return false;
		}
		// first those that have not started: they run before they leave here
		for (int stripe = 0; stripe < STRIPES; stripe++) {
			if (this.claimed.get(stripe * PADDING) != 0) {
				return true;
			}
		}
		return running() != 0;
	}

	private void unclaim(int stripe) {
		this.claimed.decrementAndGet(stripe * PADDING);
	}

	long takeMaxWait() {
		return this.maxWait.getThenReset();
	}

	long takeMaxRun() {
		return this.maxRun.getThenReset();
	}

	void addTo(TaskTotals.Builder totals, long now) {
		if (this.unused) {
			// mostly there is a slot for each
			return;
		}
		for (TaskFiguresTable figures : this.figures) {
			figures.addTo(totals);
		}
		totals.submitted(this.submitted.sum());
		this.startTimes.addTo(totals, now);
	}

	/**
	 * A run that found no slot.
	 */
	private static final class Frame extends TaskFrame {

		private final Overflow overflow;

		private final int stripe;

		private @Nullable StartBucket bucket;

		Frame(Overflow overflow, TaskFiguresTable figures, int stripe) {
			super(figures);
			this.overflow = overflow;
			this.stripe = stripe;
		}

		@Override
		void submitted(long submittedAt, int submitter, @Nullable Future<?> future) {
			// a task that has no slot is not told of
		}

		@Override
		void start(long now, long wait, boolean counted) {
			this.startNanos = now;
			Overflow overflow = this.overflow;
			if (!counted) {
				overflow.submitted.increment();
			}
			if (wait >= 0) {
				overflow.maxWait.accumulate(wait);
			}
			this.bucket = overflow.startTimes.started(now, this.stripe);
			overflow.unclaim(this.stripe);
		}

		@Override
		void raiseRun(long run) {
			this.overflow.maxRun.accumulate(run);
		}

		@Override
		void vacate() {
			StartBucket bucket = this.bucket;
			if (bucket != null) {
				this.bucket = null;
				bucket.ended(this.stripe);
			}
			else {
				// cancelled before it started
				this.overflow.unclaim(this.stripe);
			}
		}

	}

}
