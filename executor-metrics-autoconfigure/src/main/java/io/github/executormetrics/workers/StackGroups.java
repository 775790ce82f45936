// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.executormetrics.WorkerStack;

/**
 * Puts workers together that stand in the same stack, so that what is kept of many is
 * small: at most ten stacks, and of each at most ten names.
 */
final class StackGroups {

	private static final int AT_MOST = 10;

	private StackGroups() {
	}

	/**
	 * Group workers.
	 * @param workers the workers
	 * @return the stacks, most workers first
	 */
	static List<WorkerStack> of(List<SeenWorker> workers) {
		Map<Key, List<SeenWorker>> groups = new LinkedHashMap<>();
		for (SeenWorker worker : workers) {
			groups.computeIfAbsent(new Key(worker.state(), worker.frames()), (key) -> new ArrayList<>()).add(worker);
		}
		return groups.entrySet()
			.stream()
			.map((group) -> stack(group.getKey(), group.getValue()))
			.sorted(Comparator.comparingInt(WorkerStack::workers).reversed())
			.limit(AT_MOST)
			.toList();
	}

	private static WorkerStack stack(Key key, List<SeenWorker> workers) {
		return new WorkerStack(workers.size(),
				workers.stream().map((worker) -> worker.task().threadName()).limit(AT_MOST).toList(),
				workers.stream().map((worker) -> worker.task().name().value()).distinct().limit(AT_MOST).toList(),
				TimeUnit.NANOSECONDS
					.toMillis(workers.stream().mapToLong((worker) -> worker.task().ageNanos()).max().orElse(0)),
				key.state(), key.frames());
	}

	private record Key(Thread.State state, List<StackTraceElement> frames) {

	}

}
