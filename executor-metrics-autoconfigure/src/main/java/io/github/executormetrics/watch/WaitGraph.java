package io.github.executormetrics.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.executormetrics.watch.StalledExecutor.WorkerWait;

/**
 * Finds deadlocks among executors that start nothing: the largest set of them in which no
 * worker would still be started and each worker waits for a task that is queued in the
 * set. Whoever is in such a set waits forever, unless it gives up.
 */
final class WaitGraph {

	private WaitGraph() {
	}

	/**
	 * Find what is deadlocked.
	 * @param stalled the executors that start nothing, as seen in one look
	 * @return a deadlock for each that is in one, by name
	 */
	static Map<String, Deadlock> deadlocks(Collection<StalledExecutor> stalled) {
		Map<String, StalledExecutor> closed = closedSet(stalled);
		Map<String, Deadlock> deadlocks = new HashMap<>();
		for (StalledExecutor executor : stalled) {
			if (closed.containsKey(executor.name())) {
				deadlocks.put(executor.name(), proven(executor, closed));
			}
			else if (isSuspect(executor)) {
				deadlocks.put(executor.name(), new Deadlock(false, List.of(executor.name(), executor.name()),
						executor.waits().size(), timed(executor), executor.roomBeforeWorker()));
			}
		}
		return deadlocks;
	}

	private static Map<String, StalledExecutor> closedSet(Collection<StalledExecutor> stalled) {
		Map<String, StalledExecutor> closed = new LinkedHashMap<>();
		stalled.forEach((executor) -> closed.put(executor.name(), executor));
		boolean left;
		do {
			// one that leaves may set others free
			left = closed.values().removeIf((executor) -> !isHeldBy(executor, closed.keySet()));
		}
		while (left);
		return closed;
	}

	private static boolean isHeldBy(StalledExecutor executor, Set<String> set) {
		return startsNoWorker(executor) && executor.waits().stream().allMatch((wait) -> isIn(wait, set));
	}

	private static boolean isIn(WorkerWait wait, Set<String> set) {
		return wait.at() != null && set.contains(wait.at());
	}

	private static boolean startsNoWorker(StalledExecutor executor) {
		return executor.roomBeforeWorker() > 0 && !executor.waits().isEmpty();
	}

	/**
	 * All workers wait, for what cannot be seen, and each has submitted what is queued
	 * behind it.
	 */
	private static boolean isSuspect(StalledExecutor executor) {
		return startsNoWorker(executor) && executor.waits().stream().allMatch((wait) -> isSuspect(wait, executor));
	}

	private static boolean isSuspect(WorkerWait wait, StalledExecutor executor) {
		return (wait.at() != null) ? wait.at().equals(executor.name()) : wait.waiting() && wait.submitted();
	}

	private static Deadlock proven(StalledExecutor executor, Map<String, StalledExecutor> closed) {
		Set<String> path = new LinkedHashSet<>();
		List<StalledExecutor> members = new ArrayList<>();
		String next = executor.name();
		StalledExecutor member = executor;
		while (member != null && path.add(next)) {
			members.add(member);
			next = nextOf(member, path);
			member = closed.get(next);
		}
		List<String> ring = new ArrayList<>(path);
		ring.add(next);
		return new Deadlock(true, ring, members.stream().mapToInt((each) -> each.waits().size()).sum(),
				members.stream().mapToInt(WaitGraph::timed).sum(),
				members.stream().mapToInt(StalledExecutor::roomBeforeWorker).min().orElseThrow());
	}

	/** Another executor where there is one, so that rings show whole. */
	private static String nextOf(StalledExecutor executor, Set<String> seen) {
		return executor.waits()
			.stream()
			.map(WorkerWait::at)
			.filter((at) -> !seen.contains(at))
			.findFirst()
			.orElseGet(() -> backTo(executor, seen));
	}

	private static String backTo(StalledExecutor executor, Set<String> seen) {
		Set<String> waits = new LinkedHashSet<>();
		executor.waits().forEach((wait) -> waits.add(wait.at()));
		return seen.stream().filter(waits::contains).findFirst().orElseThrow();
	}

	private static int timed(StalledExecutor executor) {
		return (int) executor.waits().stream().filter(WorkerWait::timed).count();
	}

}
