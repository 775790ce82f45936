// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.atomic.AtomicLongArray;

import org.jspecify.annotations.Nullable;

/**
 * How many tasks run that started at about the same time. Once it is closed its tasks are
 * counted in another one: what each counter held goes there in one step, and who comes
 * later sees that it is closed, so none is lost or counted twice.
 */
final class StartBucket {

	// 67 ms
	private static final long WIDTH = 1L << 26;

	private static final int STRIPES = 8;

	// a cache line each
	private static final int PADDING = 8;

	// far from any count, and from an overflow
	private static final long CLOSED = Long.MIN_VALUE / 2;

	private final AtomicLongArray counts = new AtomicLongArray(STRIPES * PADDING);

	private final long from;

	// by who holds the lock
	private long to;

	// by who holds the lock, once it is published
	@Nullable StartBucket older;

	private volatile @Nullable StartBucket closedInto;

	StartBucket(long from, @Nullable StartBucket older) {
		this.from = from;
		this.to = from + WIDTH;
		this.older = older;
	}

	/**
	 * Whether a task that starts may be counted here. One that read the clock before this
	 * was made may: it is older than it seems.
	 * @param now when it starts
	 * @return whether it does not start later than others here
	 */
	boolean takes(long now) {
		return now - this.from < WIDTH;
	}

	/**
	 * Count a task.
	 * @param stripe spreads threads over counters
	 * @return whether it is counted, or false where this was closed meanwhile
	 */
	boolean started(int stripe) {
		return this.counts.getAndIncrement(index(stripe)) >= CLOSED / 2;
	}

	void ended(int stripe) {
		StartBucket bucket = this;
		// a count may be one short for a moment, while what is closed moves
		while (bucket.counts.getAndDecrement(index(stripe)) < CLOSED / 2) {
			StartBucket next = bucket.closedInto;
			if (next == null) {
				throw new IllegalStateException("A closed bucket has no successor");
			}
			bucket = next;
		}
	}

	/**
	 * Count the tasks in another one from now on.
	 * @param other the other one
	 */
	void closeInto(StartBucket other) {
		this.closedInto = other;
		for (int i = 0; i < this.counts.length(); i += PADDING) {
			long moved = this.counts.getAndSet(i, CLOSED);
			if (moved != 0) {
				other.counts.getAndAdd(i, moved);
			}
		}
	}

	void reachesTo(StartBucket younger) {
		this.to = younger.to;
	}

	long sum() {
		long sum = 0;
		for (int i = 0; i < this.counts.length(); i += PADDING) {
			sum += this.counts.get(i);
		}
		return sum;
	}

	/**
	 * How old each task here is.
	 * @param now the current {@link System#nanoTime()}
	 * @return nanoseconds that none is younger than
	 */
	long ageAtLeast(long now) {
		return Math.max(0, now - this.to);
	}

	double spanWith(StartBucket older, long now) {
		return (double) (this.to - older.from) / Math.max(1, now - older.from);
	}

	private static int index(int stripe) {
		return (stripe & (STRIPES - 1)) * PADDING;
	}

}
