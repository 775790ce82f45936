// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

import io.github.executormetrics.workers.StalledExecutor.WorkerWait;

/**
 * Finds deadlocks among executors that start nothing: the largest set of them in which no
 * worker would still be started and each worker waits for a task that is queued in the
 * set, or that runs there on a worker that waits itself. Whoever is in such a set waits
 * forever, unless it gives up.
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
		Map<String, StalledExecutor> proven = closedSet(stalled, WaitGraph::isKnownIn);
		// what cannot be seen through is taken to be what was submitted
		Map<String, StalledExecutor> suspected = closedSet(stalled,
				(wait, set) -> isKnownIn(wait, set) || isSuspectedIn(wait, set));
		Map<String, Deadlock> deadlocks = new HashMap<>();
		suspected.forEach((name, executor) -> {
			boolean sure = proven.containsKey(name);
			deadlocks.put(name, describe(executor, sure, sure ? proven : suspected));
		});
		return deadlocks;
	}

	private static Map<String, StalledExecutor> closedSet(Collection<StalledExecutor> stalled,
			BiPredicate<WorkerWait, Set<String>> heldBy) {
		Map<String, StalledExecutor> closed = new LinkedHashMap<>();
		stalled.forEach((executor) -> closed.put(executor.name(), executor));
		boolean left;
		do {
			// one that leaves may set others free
			left = closed.values()
				.removeIf((executor) -> !startsNoWorker(executor)
						|| !executor.waits().stream().allMatch((wait) -> heldBy.test(wait, closed.keySet())));
		}
		while (left);
		return closed;
	}

	private static boolean isKnownIn(WorkerWait wait, Set<String> set) {
		return wait.at() != null && set.contains(wait.at());
	}

	/** Nothing that it submitted is elsewhere, where it could come to an end. */
	private static boolean isSuspectedIn(WorkerWait wait, Set<String> set) {
		return wait.at() == null && wait.waiting() && !wait.submittedTo().isEmpty()
				&& set.containsAll(wait.submittedTo());
	}

	private static boolean startsNoWorker(StalledExecutor executor) {
		return executor.roomBeforeWorker() > 0 && !executor.waits().isEmpty();
	}

	private static Deadlock describe(StalledExecutor executor, boolean proven, Map<String, StalledExecutor> closed) {
		Set<String> path = new LinkedHashSet<>();
		List<StalledExecutor> members = new ArrayList<>();
		String next = executor.name();
		StalledExecutor member = executor;
		while (member != null && path.add(next)) {
			members.add(member);
			next = nextOf(member, path, closed.keySet());
			member = closed.get(next);
		}
		List<String> ring = new ArrayList<>(path);
		ring.add(next);
		return new Deadlock(proven, ring, members.stream().mapToInt((each) -> each.waits().size()).sum(),
				members.stream().mapToInt(WaitGraph::timed).sum(),
				members.stream().mapToInt(StalledExecutor::roomBeforeWorker).min().orElseThrow());
	}

	/** Another executor where there is one, so that rings show whole. */
	private static String nextOf(StalledExecutor executor, Set<String> seen, Set<String> closed) {
		Set<String> waits = new LinkedHashSet<>();
		for (WorkerWait wait : executor.waits()) {
			waits.addAll((wait.at() != null) ? Set.of(wait.at()) : new TreeSet<>(wait.submittedTo()));
		}
		waits.retainAll(closed);
		return waits.stream()
			.filter((name) -> !seen.contains(name))
			.findFirst()
			.orElseGet(() -> seen.stream().filter(waits::contains).findFirst().orElseThrow());
	}

	private static int timed(StalledExecutor executor) {
		return (int) executor.waits().stream().filter(WorkerWait::timed).count();
	}

}
