// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds the workers of an executor that does not tell them among all platform threads of
 * the JVM.
 */
public final class LiveThreads {

	private static final int ROOM = 128;

	private LiveThreads() {
	}

	/**
	 * Find threads.
	 * @param workers tells whether a thread is one of the workers
	 * @return those of them that live
	 */
	public static List<Thread> find(Predicate<Thread> workers) {
		return Arrays.stream(all()).filter((thread) -> isFound(thread, workers)).toList();
	}

	private static boolean isFound(Thread thread, Predicate<Thread> workers) {
		try {
			return workers.test(thread);
		}
		catch (Throwable ex) {
			// a class of the user's, which hides its own thread only
			return false;
		}
	}

	/**
	 * All of them.
	 * @return those that live
	 */
	static Thread[] all() {
		ThreadGroup root = Thread.currentThread().getThreadGroup();
		while (root.getParent() != null) {
			root = root.getParent();
		}
		// activeCount() would ask groups of the user's own class
		Thread[] threads = new Thread[ROOM];
		int count = root.enumerate(threads);
		while (count == threads.length) {
			threads = new Thread[2 * count];
			count = root.enumerate(threads);
		}
		return Arrays.copyOf(threads, count);
	}

}
