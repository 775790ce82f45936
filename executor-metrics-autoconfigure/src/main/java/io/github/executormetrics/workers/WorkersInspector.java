// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.WorkerStack;
import io.github.executormetrics.monitor.DeadWorkers;
import io.github.executormetrics.monitor.ExecutorReader;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskNaming;
import io.github.executormetrics.workers.WorkerWaits.Worker;

/**
 * What stands at a breach: where the workers of an executor are, whom they wait for, what
 * they run and what is queued.
 */
public final class WorkersInspector {

	private static final int QUEUED_AT_MOST = 1_000;

	private static final int NAMES_AT_MOST = 10;

	private static final String OTHER = "other";

	private final List<MonitoredExecutor> all;

	private final ExecutorReader reader;

	private final WorkerStacks stacks;

	private final Carriers carriers;

	private final long nanos;

	// walks all executors, so not before somebody asks
	private @Nullable WorkerWaits waits;

	/**
	 * Prepare to look.
	 * @param all all executors
	 * @param reader reads what stands in their queues
	 * @param stacks where stacks come from
	 * @param carriers finds what holds the carriers of virtual threads
	 * @param nanos the {@link System#nanoTime()} of the look
	 */
	public WorkersInspector(List<MonitoredExecutor> all, ExecutorReader reader, WorkerStacks stacks, Carriers carriers,
			long nanos) {
		this.all = all;
		this.reader = reader;
		this.stacks = stacks;
		this.carriers = carriers;
		this.nanos = nanos;
	}

	/**
	 * Find deadlocks.
	 * @param stalled the executors that start nothing
	 * @return a deadlock for each that is in one, by name
	 */
	public Map<String, Deadlock> deadlocks(Collection<MonitoredExecutor> stalled) {
		return !stalled.isEmpty()
				? WaitGraph.deadlocks(StalledExecutors.look(stalled, waits(), this.stacks, this.nanos)) : Map.of();
	}

	/**
	 * Look at an executor of which something is raised.
	 * @param executor the executor
	 * @return what stands there
	 */
	public WorkersSnapshot snapshot(MonitoredExecutor executor) {
		return new WorkersSnapshot(StackGroups.of(this.stacks.of(executor, this.nanos)), holding(executor),
				waiting(executor), chain(executor),
				executor.isOnVirtualThreads() ? this.carriers.look(this.all, this.nanos) : null);
	}

	/**
	 * Find out why nothing of what is queued runs though no worker is busy.
	 * @param executor the executor
	 * @param found takes the reason where one is found, on another thread and maybe later
	 */
	public void findDeadWorkers(MonitoredExecutor executor, Consumer<DeadWorkers> found) {
		this.reader.findDeadWorkers(executor, found);
	}

	/**
	 * Measure what a breach asks for, where an executor may come to that.
	 * @param executor the executor, of which the look is bad
	 */
	public void measure(MonitoredExecutor executor) {
		if (executor.isOnVirtualThreads()) {
			this.carriers.measure(this.nanos);
		}
	}

	/**
	 * Where those workers stand whose task is stuck.
	 * @param executor the executor
	 * @param tasks those that are
	 * @return the stacks, most workers first
	 */
	public List<WorkerStack> stuck(MonitoredExecutor executor, List<RunningTask> tasks) {
		List<SeenWorker> stuck = new ArrayList<>();
		for (RunningTask task : tasks) {
			SeenWorker seen = this.stacks.find(executor, task, this.nanos);
			if (seen != null) {
				// as old as it is now: it may have been seen before it was stuck
				stuck.add(new SeenWorker(task, seen.state(), seen.frames(), null));
			}
		}
		stuck.sort(Comparator.comparingLong((SeenWorker worker) -> worker.task().ageNanos()).reversed());
		return StackGroups.of(stuck);
	}

	private Map<String, Integer> holding(MonitoredExecutor executor) {
		Map<String, Integer> names = new TreeMap<>();
		executor.recorder()
			.runningTasks(this.nanos)
			.forEach((task) -> names.merge(task.name().value(), 1, Integer::sum));
		return most(names);
	}

	private Map<String, Integer> waiting(MonitoredExecutor executor) {
		Map<String, Integer> names = new TreeMap<>();
		// what a scheduler has in its queue tells no name
		if (!executor.reading().queuedBeforeSubmission()) {
			// a task may ask a bean of the user's for its name
			this.reader.queued(List.of(executor), QUEUED_AT_MOST, TaskNaming::describe)
				.get(0)
				.forEach((name) -> names.merge(name, 1, Integer::sum));
		}
		return most(names);
	}

	/**
	 * Follow whom the workers of an executor wait for, to the executor whose workers wait
	 * for no other.
	 */
	private WaitChain chain(MonitoredExecutor from) {
		Set<MonitoredExecutor> path = new LinkedHashSet<>();
		MonitoredExecutor last = from;
		MonitoredExecutor next = from;
		while (next != null && path.add(next)) {
			last = next;
			next = awaited(last, waits());
		}
		return new WaitChain(path.stream().map(MonitoredExecutor::name).toList(), place(last));
	}

	/**
	 * The other executor that most of an executor's workers wait for, and no fewer than
	 * half of them.
	 */
	private @Nullable MonitoredExecutor awaited(MonitoredExecutor executor, WorkerWaits waits) {
		List<Worker> workers = waits.workersOf(executor);
		Map<MonitoredExecutor, Integer> counts = new LinkedHashMap<>();
		for (Worker worker : workers) {
			awaited(worker, executor).forEach((other) -> counts.merge(other, 1, Integer::sum));
		}
		counts.remove(executor);
		return counts.entrySet()
			.stream()
			.filter((count) -> 2 * count.getValue() >= workers.size())
			.max(Map.Entry.comparingByValue())
			.map(Map.Entry::getKey)
			.orElse(null);
	}

	private Set<MonitoredExecutor> awaited(Worker worker, MonitoredExecutor executor) {
		MonitoredExecutor known = worker.awaited();
		if (known != null) {
			return Set.of(known);
		}
		if (!worker.isWaiting() || worker.isWaitSeenThrough()) {
			return Set.of();
		}
		Set<MonitoredExecutor> submittedTo = worker.submittedTo();
		RunningTask task = worker.task();
		SeenWorker seen = submittedTo.isEmpty() ? null : this.stacks.find(executor, task, this.nanos);
		return (seen != null && CodeLocation.isHandOver(seen.frames())) ? submittedTo : Set.of();
	}

	private WorkerWaits waits() {
		WorkerWaits waits = this.waits;
		if (waits == null) {
			waits = new WorkerWaits(this.all, this.reader, this.nanos);
			this.waits = waits;
		}
		return waits;
	}

	private @Nullable String place(MonitoredExecutor executor) {
		Map<String, Integer> places = new TreeMap<>();
		for (SeenWorker worker : this.stacks.of(executor, this.nanos)) {
			String place = CodeLocation.inCode(worker.frames());
			if (place != null) {
				places.merge(place, 1, Integer::sum);
			}
		}
		return places.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(null);
	}

	private static Map<String, Integer> most(Map<String, Integer> names) {
		Map<String, Integer> most = new LinkedHashMap<>();
		names.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
			.forEach((entry) -> most.merge((most.size() < NAMES_AT_MOST) ? entry.getKey() : OTHER, entry.getValue(),
					Integer::sum));
		return Collections.unmodifiableMap(most);
	}

}
