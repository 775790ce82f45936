// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The submitters that stand before an executor's concurrency throttle: how many, who, and
 * since when the first. Submitters past the table's size are only counted.
 */
public final class ThrottleGate {

	private static final int SIZE = 64;

	private final AtomicLongArray since = new AtomicLongArray(SIZE);

	private final AtomicReferenceArray<@Nullable Thread> submitters = new AtomicReferenceArray<>(SIZE);

	private final LongAdder unseen = new LongAdder();

	/**
	 * Step before the throttle.
	 * @return the ticket to leave with
	 */
	public int enter() {
		long now = System.nanoTime() | 1;
		int start = (int) now >>> 10;
		for (int i = 0; i < SIZE; i++) {
			int index = (start + i) & (SIZE - 1);
			if (this.since.get(index) == 0 && this.since.compareAndSet(index, 0, now)) {
				this.submitters.setOpaque(index, Thread.currentThread());
				return index;
			}
		}
		this.unseen.increment();
		return -1;
	}

	/**
	 * Leave, having passed or not.
	 * @param ticket what {@link #enter()} gave
	 */
	public void leave(int ticket) {
		if (ticket >= 0) {
			this.submitters.setOpaque(ticket, null);
			this.since.set(ticket, 0);
		}
		else {
			this.unseen.decrement();
		}
	}

	/**
	 * How many stand before the throttle.
	 * @return the number at this instant
	 */
	public int depth() {
		long depth = this.unseen.sum();
		for (int i = 0; i < SIZE; i++) {
			depth += (this.since.get(i) != 0) ? 1 : 0;
		}
		return (int) Math.max(0, depth);
	}

	/**
	 * Look at who stands before the throttle.
	 * @param submitter takes each thread
	 */
	public void forEach(Consumer<? super Thread> submitter) {
		for (int i = 0; i < SIZE; i++) {
			Thread thread = this.submitters.getOpaque(i);
			if (thread != null) {
				submitter.accept(thread);
			}
		}
	}

	/**
	 * For how long the first of them stands there.
	 * @param now the current {@link System#nanoTime()}
	 * @return nanoseconds, 0 where nobody does
	 */
	public long oldest(long now) {
		long oldest = 0;
		for (int i = 0; i < SIZE; i++) {
			long entered = this.since.get(i);
			oldest = (entered != 0) ? Math.max(oldest, now - entered) : oldest;
		}
		return oldest;
	}

}
