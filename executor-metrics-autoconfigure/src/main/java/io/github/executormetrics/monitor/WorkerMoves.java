// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * Whether the workers of a fork/join pool do something of which the steals tell nothing.
 * The parts of a parallel stream wait as submissions do while its first ones compute. And
 * until JDK 24 a worker adds to the steals only when the queue it takes from is empty, so
 * that a busy pool looks as still as a stalled one: there, each wait counts, too. Walks
 * all threads; to be asked only where tasks wait.
 */
final class WorkerMoves {

	private static final boolean STEALS_COUNT_AT_ONCE = Runtime.version().feature() >= 25;

	private static final long LATELY = TimeUnit.SECONDS.toNanos(1);

	// of CPU time in a second: far more than waiting takes, even again and again
	private static final long AT_LEAST = STEALS_COUNT_AT_ONCE ? TimeUnit.MILLISECONDS.toNanos(50) : 1;

	private long sum;

	private long sumAt;

	private long movedAt;

	/**
	 * Look at the workers.
	 * @param pool their pool
	 * @param now the current {@link System#nanoTime()}
	 * @return whether they did something within the last second
	 */
	synchronized boolean haveMoved(ForkJoinPool pool, long now) {
		long sum = sum(pool);
		boolean moved = Math.abs(sum - this.sum) >= AT_LEAST;
		if (moved || now - this.sumAt >= LATELY) {
			this.sum = sum;
			this.sumAt = now;
		}
		if (moved) {
			this.movedAt = now;
		}
		// whoever reads meters may have looked just before
		return now - this.movedAt < LATELY;
	}

	private static long sum(ForkJoinPool pool) {
		List<Thread> workers = ForkJoinState.threadsOf(pool);
		WorkerUsage sum = WorkerUsage.NONE;
		for (Thread worker : workers) {
			ThreadUsage usage = new ThreadUsage(true);
			usage.read(worker);
			sum = usage.plus(sum);
		}
		return sum.cpuNanos() + (STEALS_COUNT_AT_ONCE ? 0 : workers.size() + sum.parks() + sum.blocks());
	}

}
