// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorReader;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.Queued;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskRecorder;
import io.github.executormetrics.task.Threads;

/**
 * What each worker of some executors waits for, and where that stands: in a queue of one
 * of them, or in the hands of one of their workers.
 */
final class WorkerWaits {

	private static final int QUEUED_AT_MOST = 10_000;

	private final Map<MonitoredExecutor, List<Worker>> workers = new IdentityHashMap<>();

	private final Map<TaskRecorder, MonitoredExecutor> recorders = new IdentityHashMap<>();

	// who waits for a future that does not say itself where it stands
	private final Map<Object, List<Worker>> waiting = new IdentityHashMap<>();

	// a task may run inside another one, on the same thread
	private final Map<Integer, List<Worker>> threads = new HashMap<>();

	/**
	 * Look at executors.
	 * @param executors the executors
	 * @param reader reads what stands in their queues
	 * @param nanos the {@link System#nanoTime()} of the look
	 */
	WorkerWaits(List<MonitoredExecutor> executors, ExecutorReader reader, long nanos) {
		executors.forEach((executor) -> addWorkers(executor, nanos));
		List<List<Object>> queued = reader.queued(executors, QUEUED_AT_MOST);
		for (int i = 0; i < executors.size(); i++) {
			MonitoredExecutor executor = executors.get(i);
			queued.get(i).forEach((task) -> match(task, executor));
			this.workers.getOrDefault(executor, List.of()).forEach((worker) -> match(worker.task, executor));
		}
		this.threads.values().forEach((workers) -> workers.forEach(this::resolve));
	}

	/**
	 * The workers of an executor.
	 * @param executor the executor
	 * @return one for each thread, with the outermost of its tasks
	 */
	List<Worker> workersOf(MonitoredExecutor executor) {
		List<Worker> all = this.workers.getOrDefault(executor, List.of());
		// by identity: the class of a thread may be the user's
		Map<Thread, Worker> outermost = new IdentityHashMap<>();
		for (Worker worker : all) {
			outermost.merge(worker.task.thread(), worker,
					(one, other) -> (one.startedAt - other.startedAt <= 0) ? one : other);
		}
		return all.stream().filter((worker) -> outermost.get(worker.task.thread()) == worker).toList();
	}

	/**
	 * Whether no task of an executor runs unseen, be it past the size of the table or on
	 * the thread of a submitter.
	 * @param executor the executor
	 * @return whether {@link #workersOf} leaves nobody out who may be waited for
	 */
	boolean isWhole(MonitoredExecutor executor) {
		List<Worker> seen = this.workers.getOrDefault(executor, List.of());
		return seen.size() >= executor.recorder().running() && workersOf(executor).size() >= executor.busy();
	}

	private void addWorkers(MonitoredExecutor executor, long nanos) {
		List<Worker> all = new ArrayList<>();
		for (RunningTask task : executor.recorder().runningTasks(nanos)) {
			Worker worker = new Worker(task, nanos, executor.recorder().isTimingAll());
			all.add(worker);
			this.threads.computeIfAbsent(Queued.submitter(task.thread()), (id) -> new ArrayList<>(1)).add(worker);
			// a task may park on itself, which is no wait for its run
			if (worker.blocker instanceof Future<?> && !(worker.blocker instanceof Queued)) {
				this.waiting.computeIfAbsent(worker.blocker, (key) -> new ArrayList<>()).add(worker);
			}
		}
		this.workers.put(executor, all);
		this.recorders.put(executor.recorder(), executor);
	}

	private void match(Object task, MonitoredExecutor executor) {
		if (task instanceof Thread thread) {
			// a submitter that is held
			this.threads.values()
				.stream()
				.flatMap(List::stream)
				.filter((worker) -> worker.task.thread() == thread)
				.forEach((worker) -> worker.waitsFor(executor));
			return;
		}
		matchWaiting(task, executor);
		if (task instanceof MeteredTask metered) {
			matchWaiting(metered.delegate(), executor);
		}
		if (task instanceof Queued known) {
			matchSubmitter(known.submitter(), known.submittedAt(), executor);
		}
	}

	private void match(RunningTask task, MonitoredExecutor executor) {
		if (task.future() != null) {
			matchWaiting(task.future(), executor);
		}
		if (task.submitter() != Queued.NOBODY) {
			matchSubmitter(task.submitter(), task.submittedAt(), executor);
		}
	}

	private void matchSubmitter(int submitter, long submittedAt, MonitoredExecutor executor) {
		for (Worker worker : this.threads.getOrDefault(submitter, List.of())) {
			if (submittedAt - worker.startedAt >= 0) {
				worker.submittedTo.add(executor);
			}
		}
	}

	private void matchWaiting(Object task, MonitoredExecutor executor) {
		List<Worker> waiting = this.waiting.get(task);
		if (waiting != null) {
			waiting.forEach((worker) -> worker.waitsFor(executor));
		}
	}

	private void resolve(Worker worker) {
		if (worker.blocker instanceof Queued known) {
			MonitoredExecutor executor = this.recorders.get(known.recorder());
			if (executor != null && known.isPending()) {
				worker.waitsFor(executor);
			}
		}
	}

	/**
	 * A worker, and what it waits for.
	 */
	static final class Worker {

		private final RunningTask task;

		private final long startedAt;

		private final Thread.@Nullable State state;

		private final @Nullable Object blocker;

		private final Set<MonitoredExecutor> submittedTo = new LinkedHashSet<>();

		private @Nullable MonitoredExecutor awaited;

		Worker(RunningTask task, long nanos, boolean timed) {
			this.task = task;
			// an age that was not timed is what it has at least
			this.startedAt = timed ? task.startNanos() : task.submittedAt();
			this.state = Threads.state(task.thread());
			this.blocker = isWaiting() ? LockSupport.getBlocker(task.thread()) : null;
		}

		private void waitsFor(MonitoredExecutor executor) {
			this.awaited = executor;
		}

		RunningTask task() {
			return this.task;
		}

		boolean isWaiting() {
			return this.state == Thread.State.WAITING || isTimed();
		}

		boolean isTimed() {
			return this.state == Thread.State.TIMED_WAITING;
		}

		@Nullable Object blocker() {
			return this.blocker;
		}

		/**
		 * Whether what it waits for is a task that some executor of ours has, so that it
		 * waits for nothing else.
		 * @return whether that is known, whichever executor it is
		 */
		boolean isWaitSeenThrough() {
			// a future that another task carries does not know where that stands
			return this.awaited != null || (this.blocker instanceof Queued known && known.isPending());
		}

		/**
		 * The executor that has what it waits for, in its queue or in the hands of one of
		 * its workers.
		 * @return the executor, or null where nobody is known to
		 */
		@Nullable MonitoredExecutor awaited() {
			return this.awaited;
		}

		/**
		 * Where tasks are queued or run that its task submitted.
		 * @return the executors
		 */
		Set<MonitoredExecutor> submittedTo() {
			return this.submittedTo;
		}

	}

}
