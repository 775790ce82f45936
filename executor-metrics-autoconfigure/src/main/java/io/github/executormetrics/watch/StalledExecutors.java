package io.github.executormetrics.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.Queued;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.watch.StalledExecutor.WorkerWait;

/**
 * Looks at the workers of the executors that start nothing: what each waits for, and in
 * whose queue that stands. Read at a breach only, since it walks queues and stacks.
 */
final class StalledExecutors {

	private final Collection<MonitoredExecutor> executors;

	// what stands in the queues, by identity: the queued object, and the task inside of
	// it
	private final IdentityHashMap<Object, MonitoredExecutor> queued = new IdentityHashMap<>();

	private final IdentityHashMap<MonitoredExecutor, Set<Long>> submitters = new IdentityHashMap<>();

	private StalledExecutors(Collection<MonitoredExecutor> executors) {
		this.executors = executors;
		executors.forEach((executor) -> executor.forEachQueued((task) -> add(executor, task)));
	}

	private void add(MonitoredExecutor executor, Object task) {
		this.queued.put(task, executor);
		if (task instanceof MeteredTask metered) {
			this.queued.put(metered.delegate(), executor);
		}
		if (task instanceof Queued known) {
			this.submitters.computeIfAbsent(executor, (key) -> new HashSet<>()).add(known.submitter());
		}
	}

	/**
	 * Look at executors that start nothing.
	 * @param executors the executors
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return what was seen of each
	 */
	static List<StalledExecutor> look(Collection<MonitoredExecutor> executors, long nanos) {
		StalledExecutors look = new StalledExecutors(executors);
		return executors.stream().map((executor) -> look.at(executor, nanos)).toList();
	}

	private StalledExecutor at(MonitoredExecutor executor, long nanos) {
		List<WorkerWait> waits = new ArrayList<>();
		List<RunningTask> running = executor.recorder().runningTasks(nanos);
		for (RunningTask task : running) {
			waits.add(wait(task, executor));
		}
		// a worker that is not seen may be the one that helps
		boolean all = running.size() >= executor.busy() && executor.idle() == 0;
		return new StalledExecutor(executor.name(), waits, all ? executor.roomBeforeWorker() : -1);
	}

	private WorkerWait wait(RunningTask task, MonitoredExecutor executor) {
		Thread.State state = task.thread().getState();
		boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
		Object blocker = waits ? LockSupport.getBlocker(task.thread()) : null;
		boolean submitted = this.submitters.getOrDefault(executor, Collections.emptySet()).contains(task.threadId());
		return new WorkerWait(waits && isHandOver(task.thread()), state == Thread.State.TIMED_WAITING,
				(blocker != null) ? queuedAt(blocker) : null, submitted);
	}

	private @Nullable String queuedAt(Object blocker) {
		MonitoredExecutor holder = this.queued.get(blocker);
		if (holder != null) {
			return holder.name();
		}
		if (blocker instanceof Queued known) {
			// hidden in the queue by a decorator of the user's
			for (MonitoredExecutor executor : this.executors) {
				if (known.isWaitingAt(executor.recorder())) {
					return executor.name();
				}
			}
		}
		return null;
	}

	/**
	 * Whether a thread waits for another one, and not for a time, a lock or a socket.
	 */
	private static boolean isHandOver(Thread thread) {
		for (StackTraceElement frame : thread.getStackTrace()) {
			String type = frame.getClassName();
			if (type.equals("java.lang.Thread") && frame.getMethodName().startsWith("sleep")) {
				return false;
			}
			if (type.startsWith("java.util.concurrent.locks.AbstractQueued") || type.startsWith("jdk.internal.")
					|| type.equals("java.util.concurrent.locks.LockSupport") || type.equals("java.lang.Object")
					|| type.startsWith("java.lang.VirtualThread") || type.startsWith("java.lang.System$")) {
				continue;
			}
			return type.startsWith("java.util.concurrent.") && !type.startsWith("java.util.concurrent.locks.");
		}
		return false;
	}

}
