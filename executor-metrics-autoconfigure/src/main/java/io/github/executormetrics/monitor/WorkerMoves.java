package io.github.executormetrics.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

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

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final boolean cpu = this.threads.isThreadCpuTimeSupported() && this.threads.isThreadCpuTimeEnabled();

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

	@SuppressWarnings("deprecation") // Thread.threadId() is there from JDK 19 on
	private long sum(ForkJoinPool pool) {
		long[] workers = ForkJoinState.threadsOf(pool).stream().mapToLong(Thread::getId).toArray();
		long sum = 0;
		for (long worker : workers) {
			sum += this.cpu ? Math.max(0, this.threads.getThreadCpuTime(worker)) : 0;
		}
		return STEALS_COUNT_AT_ONCE ? sum : sum + waits(workers);
	}

	private long waits(long[] workers) {
		long waits = workers.length;
		for (@Nullable
		ThreadInfo worker : this.threads.getThreadInfo(workers)) {
			waits += (worker != null) ? worker.getWaitedCount() + worker.getBlockedCount() : 0;
		}
		return waits;
	}

}
