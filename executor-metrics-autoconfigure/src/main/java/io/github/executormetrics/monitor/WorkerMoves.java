package io.github.executormetrics.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Whether the workers of a fork/join pool have done anything lately: used a CPU, waited
 * anew or been blocked anew. Until JDK 24 a worker adds to the steal count only when it
 * has emptied the queue it takes from, so that a busy pool looks as still as a stalled
 * one. Walks all threads; to be asked only where tasks wait.
 */
final class WorkerMoves {

	private static final long LATELY = TimeUnit.SECONDS.toNanos(1);

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private long sum;

	private long movedAt;

	/**
	 * Look at the workers.
	 * @param pool their pool
	 * @param now the current {@link System#nanoTime()}
	 * @return whether they moved since the last look, or at another one within a second
	 */
	synchronized boolean haveMoved(ForkJoinPool pool, long now) {
		long sum = sum(pool);
		if (sum != this.sum) {
			this.sum = sum;
			this.movedAt = now;
		}
		// whoever reads meters may have looked just before
		return now - this.movedAt < LATELY;
	}

	private long sum(ForkJoinPool pool) {
		long[] workers = workers(pool);
		boolean cpu = this.threads.isThreadCpuTimeSupported() && this.threads.isThreadCpuTimeEnabled();
		long sum = workers.length;
		for (@Nullable
		ThreadInfo worker : this.threads.getThreadInfo(workers)) {
			sum += (worker != null) ? worker.getWaitedCount() + worker.getBlockedCount() : 0;
		}
		for (long worker : workers) {
			sum += cpu ? this.threads.getThreadCpuTime(worker) : 0;
		}
		return sum;
	}

	@SuppressWarnings("deprecation") // Thread.threadId() is there from JDK 19 on
	private static long[] workers(ForkJoinPool pool) {
		return Arrays.stream(all())
			.filter((thread) -> thread instanceof ForkJoinWorkerThread worker && worker.getPool() == pool)
			.mapToLong(Thread::getId)
			.toArray();
	}

	private static Thread[] all() {
		ThreadGroup root = Thread.currentThread().getThreadGroup();
		while (root.getParent() != null) {
			root = root.getParent();
		}
		Thread[] all;
		int count;
		do {
			// what does not fit is left out unsaid
			all = new Thread[root.activeCount() * 2 + 16];
			count = root.enumerate(all);
		}
		while (count == all.length);
		return Arrays.copyOf(all, count);
	}

}
