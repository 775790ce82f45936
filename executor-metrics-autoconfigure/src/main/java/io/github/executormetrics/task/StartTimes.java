// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Since when tasks run that found no slot, however many they are: counted by when they
 * started. The counts are exact, the times are to a few milliseconds while all are young,
 * and coarser the older they are. Holds at most 64 counts, and no task.
 */
final class StartTimes {

	private static final int BUCKETS_AT_MOST = 64;

	private final AtomicReference<StartBucket> current = new AtomicReference<>(
			new StartBucket(System.nanoTime(), null));

	// among those who read or tidy up: a task that starts or ends never waits for it
	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Count a task that starts.
	 * @param now the current {@link System#nanoTime()}
	 * @param stripe spreads threads over counters, any number
	 * @return where to count its end, with the same stripe
	 */
	StartBucket started(long now, int stripe) {
		StartBucket bucket = this.current.get();
		while (!bucket.takes(now) || !bucket.started(stripe)) {
			StartBucket next = new StartBucket(now, bucket);
			if (this.current.compareAndSet(bucket, next)) {
				tidyUp(now);
			}
			bucket = this.current.get();
		}
		return bucket;
	}

	/**
	 * Tidies up where nobody does so at the moment: it need not be looked at ever.
	 */
	private void tidyUp(long now) {
		if (this.lock.tryLock()) {
			try {
				prune(now);
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * Tasks that have started and not ended.
	 * @return the number at this instant
	 */
	long running() {
		this.lock.lock();
		try {
			long sum = 0;
			for (StartBucket bucket = this.current.get(); bucket != null; bucket = bucket.older) {
				sum += bucket.sum();
			}
			return sum;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Add what runs to the totals, each task with the age that it has at least.
	 * @param totals where to add
	 * @param now the current {@link System#nanoTime()}
	 */
	void addTo(TaskTotals.Builder totals, long now) {
		this.lock.lock();
		try {
			prune(now);
			for (StartBucket bucket = this.current.get(); bucket != null; bucket = bucket.older) {
				long running = bucket.sum();
				if (running > 0) {
					totals.running(running, bucket.ageAtLeast(now));
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drops buckets whose tasks have all ended, and joins two of like age while there are
	 * too many.
	 */
	private void prune(long now) {
		int count = 1;
		StartBucket younger = this.current.get();
		for (StartBucket bucket = younger.older; bucket != null; bucket = bucket.older) {
			if (bucket.sum() == 0) {
				younger.older = bucket.older;
				bucket.closeInto(younger);
			}
			else {
				younger = bucket;
				count++;
			}
		}
		for (; count > BUCKETS_AT_MOST; count--) {
			joinTwo(now);
		}
	}

	/**
	 * Joins the two neighbours whose times lie closest to each other, measured by their
	 * age. The current one takes no part.
	 */
	private void joinTwo(long now) {
		StartBucket closest = null;
		double least = Double.POSITIVE_INFINITY;
		StartBucket before = this.current.get();
		for (StartBucket bucket = before.older; bucket != null && bucket.older != null; bucket = bucket.older) {
			double span = bucket.spanWith(bucket.older, now);
			if (span < least) {
				least = span;
				closest = before;
			}
			before = bucket;
		}
		if (closest != null) {
			join(closest);
		}
	}

	private static void join(StartBucket before) {
		StartBucket younger = before.older;
		StartBucket older = (younger != null) ? younger.older : null;
		if (younger != null && older != null) {
			before.older = older;
			older.reachesTo(younger);
			younger.closeInto(older);
		}
	}

}
