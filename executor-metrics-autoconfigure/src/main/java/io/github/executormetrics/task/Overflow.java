package io.github.executormetrics.task;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Where tasks are counted that found no slot.
 */
final class Overflow {

	private static final int STRIPES = 8;

	private final StartTimes startTimes = new StartTimes();

	private final LongAdder submitted = new LongAdder();

	private final LongAdder started = new LongAdder();

	private final LongAdder waitless = new LongAdder();

	private final LongAdder waitNanos = new LongAdder();

	private final LongAdder succeeded = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder runNanos = new LongAdder();

	private final LongAccumulator maxWait = new LongAccumulator(Math::max, 0);

	private final LongAccumulator maxRun = new LongAccumulator(Math::max, 0);

	// a few, so that they are not all at one
	private final TaskFiguresTable[] figures = new TaskFiguresTable[STRIPES];

	Overflow() {
		for (int i = 0; i < STRIPES; i++) {
			this.figures[i] = new TaskFiguresTable();
		}
	}

	TaskFrame frame(long threadId) {
		int stripe = (int) threadId & (STRIPES - 1);
		return new Frame(this, this.figures[stripe], stripe);
	}

	TaskFiguresTable[] figures() {
		return this.figures;
	}

	long completed() {
		return this.succeeded.sum() + this.failed.sum();
	}

	long submitted() {
		return this.submitted.sum();
	}

	long failed() {
		return this.failed.sum();
	}

	long running() {
		return this.startTimes.running();
	}

	long takeMaxWait() {
		return this.maxWait.getThenReset();
	}

	long takeMaxRun() {
		return this.maxRun.getThenReset();
	}

	void addTo(TaskTotals.Builder totals, long now) {
		if (this.started.sum() == 0) {
			// mostly there is a slot for each
			return;
		}
		totals.completed(this.succeeded.sum(), this.failed.sum(), 0, this.runNanos.sum());
		totals.submitted(this.submitted.sum());
		totals.started(this.started.sum(), this.waitless.sum(), this.waitNanos.sum());
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
		void start(Object task, long now, long wait, boolean counted) {
			this.startNanos = now;
			Overflow overflow = this.overflow;
			if (!counted) {
				overflow.submitted.increment();
			}
			overflow.started.increment();
			if (wait >= 0) {
				overflow.waitNanos.add(wait);
				overflow.maxWait.accumulate(wait);
			}
			else {
				overflow.waitless.increment();
			}
			this.bucket = overflow.startTimes.started(now, this.stripe);
		}

		@Override
		void end(long run, boolean error) {
			Overflow overflow = this.overflow;
			overflow.runNanos.add(run);
			overflow.maxRun.accumulate(run);
			(error ? overflow.failed : overflow.succeeded).increment();
			vacate();
		}

		@Override
		void vacate() {
			StartBucket bucket = this.bucket;
			if (bucket != null) {
				this.bucket = null;
				bucket.ended(this.stripe);
			}
		}

	}

}
