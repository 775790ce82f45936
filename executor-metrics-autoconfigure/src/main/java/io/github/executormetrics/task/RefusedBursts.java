// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many tasks were refused in a row, which is what the queue lacked: with no more than
 * a moment between one and the next. Where many threads are refused at once, a few may be
 * missing.
 */
final class RefusedBursts {

	private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(20);

	// longer is no burst, but more than the workers can do
	private static final long LONGEST_ROW = TimeUnit.SECONDS.toNanos(2);

	private final AtomicLong last = new AtomicLong(Long.MIN_VALUE / 2);

	private final AtomicInteger row = new AtomicInteger();

	private final AtomicInteger longest = new AtomicInteger();

	private volatile long began;

	/**
	 * Count a refusal.
	 * @param now the current {@link System#nanoTime()}
	 */
	void refused(long now) {
		long since = now - this.last.getAndSet(now);
		if (since > MOMENT) {
			this.row.set(0);
			this.began = now;
		}
		if (now - this.began <= LONGEST_ROW) {
			this.longest.accumulateAndGet(this.row.incrementAndGet(), Math::max);
		}
	}

	/**
	 * The longest row since the last {@link #forget()}.
	 * @return how many tasks were refused in it
	 */
	int longest() {
		return this.longest.get();
	}

	/**
	 * Forget the longest row: another trouble begins.
	 */
	void forget() {
		this.longest.set(0);
	}

}
