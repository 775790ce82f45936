// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.task.RunningTask;

/**
 * The threads that work for known executors at one instant. Where a pool does not tell
 * its threads, they are taken by the prefix of their names.
 */
final class KnownWorkers {

	private final Set<Thread> workers = identitySet();

	private final Set<Thread> running = identitySet();

	private final Map<String, Integer> missing = new HashMap<>();

	private final List<String> unidentified = new ArrayList<>();

	KnownWorkers(ExecutorRegistry registry) {
		registry.all().forEach((executor) -> add(executor, true));
		registry.ofOtherContexts().forEach((executor) -> add(executor, false));
	}

	private static Set<Thread> identitySet() {
		// a thread of the user's may have an equality of its own
		return Collections.newSetFromMap(new IdentityHashMap<>());
	}

	private void add(MonitoredExecutor executor, boolean own) {
		Set<Thread> known = identitySet();
		known.addAll(executor.threads().live());
		this.workers.addAll(known);
		for (RunningTask task : executor.recorder().runningTasks(System.nanoTime())) {
			known.add(task.thread());
			this.running.add(task.thread());
		}
		int missing = missing(executor, known.size());
		if (missing > 0) {
			Set<String> stems = stems(executor, known);
			// others may have the same names: no more than the executor has
			stems.forEach((stem) -> this.missing.merge(stem, missing, KnownWorkers::sum));
			if (stems.isEmpty() && own) {
				this.unidentified.add(executor.name());
			}
		}
	}

	/**
	 * How many threads the executor has beside those that are known.
	 */
	private static int missing(MonitoredExecutor executor, int known) {
		// what the JDK has of its own is told, or has no platform threads
		if (executor.countedAt() != null || executor.origin() == ExecutorOrigin.JDK
				|| executor.recorder().isOnVirtualThreads()) {
			return 0;
		}
		return (executor.coverage() != Coverage.NONE) ? executor.busy() + executor.idle() - known : Integer.MAX_VALUE;
	}

	private static Set<String> stems(MonitoredExecutor executor, Set<Thread> known) {
		Set<String> stems = new HashSet<>();
		known.forEach((thread) -> stems.add(ThreadPattern.stem(thread.getName())));
		String prefix = executor.threadNamePrefix();
		if (prefix != null) {
			stems.add(ThreadPattern.stem(prefix));
		}
		return stems;
	}

	private static int sum(int first, int second) {
		return (int) Math.min(Integer.MAX_VALUE, (long) first + second);
	}

	/**
	 * Whether a thread is a worker of a known executor for certain.
	 * @param thread the thread
	 * @return whether it is
	 */
	boolean isKnown(Thread thread) {
		return this.workers.contains(thread);
	}

	/**
	 * Whether a thread is taken for a worker of a known executor: it runs a task of it,
	 * or has a name like its workers, some of which are not known. Asked once for each
	 * thread.
	 * @param thread a thread that may be of any pool
	 * @return whether it is taken for one
	 */
	boolean isLikely(Thread thread) {
		if (this.running.contains(thread)) {
			return true;
		}
		String stem = ThreadPattern.stem(thread.getName());
		int missing = this.missing.getOrDefault(stem, 0);
		this.missing.put(stem, Math.max(0, missing - 1));
		return missing > 0;
	}

	/**
	 * The executors that have workers of which neither identity nor name is known.
	 * @return the names of their entries
	 */
	List<String> unidentified() {
		return this.unidentified;
	}

}
