package io.github.executormetrics.monitor;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Finds the workers of a fork/join pool, which does not tell them, among all threads:
 * each of them tells its pool.
 */
final class ForkJoinThreads {

	private static final int ROOM = 64;

	private ForkJoinThreads() {
	}

	/**
	 * The workers of a pool.
	 * @param pool the pool
	 * @return those that live
	 */
	static List<Thread> of(ForkJoinPool pool) {
		return Arrays.stream(all())
			.filter((thread) -> thread instanceof ForkJoinWorkerThread worker && worker.getPool() == pool)
			.toList();
	}

	private static Thread[] all() {
		ThreadGroup root = Thread.currentThread().getThreadGroup();
		while (root.getParent() != null) {
			root = root.getParent();
		}
		Thread[] threads = new Thread[root.activeCount() + ROOM];
		int count = root.enumerate(threads);
		while (count == threads.length) {
			// more have come meanwhile than there was room for
			threads = new Thread[2 * count];
			count = root.enumerate(threads);
		}
		return Arrays.copyOf(threads, count);
	}

}
