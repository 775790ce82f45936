// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.workers.StalledExecutor.WorkerWait;
import io.github.executormetrics.workers.WorkerWaits.Worker;

/**
 * Looks at the executors that start nothing: what each worker waits for, and in whose
 * queue that stands.
 */
final class StalledExecutors {

	private final WorkerWaits waits;

	private final WorkerStacks stacks;

	private final long nanos;

	private StalledExecutors(WorkerWaits waits, WorkerStacks stacks, long nanos) {
		this.waits = waits;
		this.stacks = stacks;
		this.nanos = nanos;
	}

	/**
	 * Look at executors that start nothing.
	 * @param executors the executors
	 * @param waits what the workers of all executors wait for
	 * @param stacks where stacks come from
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return what was seen of each
	 */
	static List<StalledExecutor> look(Collection<MonitoredExecutor> executors, WorkerWaits waits, WorkerStacks stacks,
			long nanos) {
		StalledExecutors look = new StalledExecutors(waits, stacks, nanos);
		return executors.stream().map(look::at).toList();
	}

	private StalledExecutor at(MonitoredExecutor executor) {
		List<WorkerWait> waits = new ArrayList<>();
		for (Worker worker : this.waits.workersOf(executor)) {
			waits.add(wait(worker, executor));
		}
		// a worker that is not seen may be the one that helps
		boolean all = this.waits.isWhole(executor) && executor.idle() == 0;
		return new StalledExecutor(executor.name(), waits, all ? executor.roomBeforeWorker() : -1);
	}

	private WorkerWait wait(Worker worker, MonitoredExecutor executor) {
		MonitoredExecutor at = worker.awaited();
		Set<String> submittedTo = worker.submittedTo()
			.stream()
			.map(MonitoredExecutor::name)
			.collect(Collectors.toUnmodifiableSet());
		// where it is known what it waits for, no stack is needed
		boolean waiting = at != null || (!worker.isWaitSeenThrough() && worker.isWaiting() && !submittedTo.isEmpty()
				&& isHandOver(this.stacks.findWaiting(executor, worker.task(), worker.blocker(), this.nanos)));
		return new WorkerWait(waiting, worker.isTimed(), (at != null) ? at.name() : null, submittedTo);
	}

	private static boolean isHandOver(@Nullable SeenWorker worker) {
		return worker != null && CodeLocation.isHandOver(worker.frames());
	}

}
