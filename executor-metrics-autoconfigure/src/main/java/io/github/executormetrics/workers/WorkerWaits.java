package io.github.executormetrics.workers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.Queued;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskRecorder;

/**
 * What each worker of some executors waits for, and where that stands: in a queue of one
 * of them, or in the hands of one of their workers. Looks for what is waited for in the
 * queues, and not the other way round, so that a long queue costs no memory.
 */
final class WorkerWaits {

	private static final int QUEUED_AT_MOST = 10_000;

	private final Map<MonitoredExecutor, List<Worker>> workers = new IdentityHashMap<>();

	private final Map<TaskRecorder, MonitoredExecutor> recorders = new IdentityHashMap<>();

	// who waits for an object that does not say itself where it stands
	private final Map<Object, List<Worker>> waiting = new IdentityHashMap<>();

	private final Map<Long, Worker> threads = new HashMap<>();

	/**
	 * Look at executors.
	 * @param executors the executors
	 * @param nanos the {@link System#nanoTime()} of the look
	 */
	WorkerWaits(Collection<MonitoredExecutor> executors, long nanos) {
		executors.forEach((executor) -> addWorkers(executor, nanos));
		executors.forEach((executor) -> {
			executor.forEachQueued(QUEUED_AT_MOST, (queued) -> match(queued, executor, true));
			workersOf(executor).forEach((worker) -> match(worker.task.task(), executor, false));
		});
		this.threads.values().forEach(this::resolve);
	}

	List<Worker> workersOf(MonitoredExecutor executor) {
		return this.workers.getOrDefault(executor, List.of());
	}

	private void addWorkers(MonitoredExecutor executor, long nanos) {
		List<Worker> all = new ArrayList<>();
		for (RunningTask task : executor.recorder().runningTasks(nanos)) {
			Worker worker = new Worker(task, nanos);
			all.add(worker);
			this.threads.put(task.threadId(), worker);
			if (worker.blocker != null && !(worker.blocker instanceof Queued)) {
				this.waiting.computeIfAbsent(worker.blocker, (key) -> new ArrayList<>()).add(worker);
			}
		}
		this.workers.put(executor, all);
		this.recorders.put(executor.recorder(), executor);
	}

	private void match(Object task, MonitoredExecutor executor, boolean queued) {
		if (task instanceof Thread thread) {
			// a submitter that is held
			this.threads.values()
				.stream()
				.filter((worker) -> worker.task.thread() == thread)
				.forEach((worker) -> worker.waitsFor(executor, true));
			return;
		}
		matchWaiting(task, executor, queued);
		if (task instanceof MeteredTask metered) {
			matchWaiting(metered.delegate(), executor, queued);
		}
		if (task instanceof Queued known) {
			Worker submitter = this.threads.get(known.submitter());
			if (submitter != null && known.submittedAt() - submitter.startedAt >= 0) {
				(queued ? submitter.queuedAt : submitter.runsAt).add(executor);
			}
		}
	}

	private void matchWaiting(Object task, MonitoredExecutor executor, boolean queued) {
		List<Worker> waiting = this.waiting.get(task);
		if (waiting != null) {
			waiting.forEach((worker) -> worker.waitsFor(executor, queued));
		}
	}

	private void resolve(Worker worker) {
		if (worker.blocker instanceof Queued known) {
			MonitoredExecutor executor = this.recorders.get(known.recorder());
			if (executor != null) {
				worker.waitsFor(executor, known.isWaiting());
			}
		}
	}

	/**
	 * A worker, and what it waits for.
	 */
	static final class Worker {

		private final RunningTask task;

		private final long startedAt;

		private final Thread.State state;

		private final @Nullable Object blocker;

		private final Set<MonitoredExecutor> queuedAt = new HashSet<>();

		private final Set<MonitoredExecutor> runsAt = new HashSet<>();

		private @Nullable MonitoredExecutor awaited;

		private boolean awaitsQueued;

		Worker(RunningTask task, long nanos) {
			this.task = task;
			this.startedAt = nanos - task.ageNanos();
			this.state = task.thread().getState();
			this.blocker = isWaiting() ? LockSupport.getBlocker(task.thread()) : null;
		}

		private void waitsFor(MonitoredExecutor executor, boolean queued) {
			this.awaited = executor;
			this.awaitsQueued = queued;
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
			return this.awaited != null || this.blocker instanceof Queued;
		}

		/**
		 * The executor that has what it waits for.
		 * @return the executor, or null where nobody is known to
		 */
		@Nullable MonitoredExecutor awaited() {
			return this.awaited;
		}

		/**
		 * The executor in whose queue stands what it waits for.
		 * @return the executor, or null where it is not known to stand in one
		 */
		@Nullable MonitoredExecutor awaitedInQueue() {
			return this.awaitsQueued ? this.awaited : null;
		}

		/**
		 * Where tasks are queued that its task submitted.
		 * @return the executors
		 */
		Set<MonitoredExecutor> queuedAt() {
			return this.queuedAt;
		}

		/**
		 * Where tasks run that its task submitted.
		 * @return the executors
		 */
		Set<MonitoredExecutor> runsAt() {
			return this.runsAt;
		}

	}

}
