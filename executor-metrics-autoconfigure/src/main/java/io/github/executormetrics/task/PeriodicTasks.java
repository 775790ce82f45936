// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * The periodic tasks of one executor that ended with an error. The JDK runs such a task
 * never again and reports that nowhere but in a future that hardly anybody asks.
 */
public final class PeriodicTasks {

	private static final int MOST_FAILED = 1_000;

	// when a task of the name was scheduled last
	private final Map<TaskName, Long> scheduled = new ConcurrentHashMap<>();

	// those of which a run has failed, and which have not ended yet
	private final Set<PeriodicTask> failed = ConcurrentHashMap.newKeySet();

	private final Map<TaskName, Long> lastStarts = new LinkedHashMap<>();

	private volatile List<EndedPeriodicTask> ended = List.of();

	/**
	 * Begin to schedule a task.
	 * @param stopped tells whether the scheduler was shut down
	 * @return the task, of which its runs tell
	 */
	public PeriodicTask create(BooleanSupplier stopped) {
		return new PeriodicTask(this, stopped);
	}

	void scheduled(TaskName name, long at) {
		this.scheduled.merge(name, at, (known, again) -> (again - known > 0) ? again : known);
	}

	void failed(PeriodicTask task) {
		// where nobody looks any more
		if (this.failed.size() < MOST_FAILED) {
			this.failed.add(task);
		}
	}

	/**
	 * Find out which have ended since the last call, and forget those whose name was
	 * scheduled again. Asks futures, which may be the user's. For one caller at a time.
	 */
	public void settle() {
		if (this.failed.isEmpty() && this.ended.isEmpty()) {
			return;
		}
		Map<TaskName, EndedPeriodicTask> ended = new LinkedHashMap<>();
		this.ended.forEach((known) -> ended.put(known.name(), known));
		for (PeriodicTask task : this.failed) {
			if (task.isDone()) {
				this.failed.remove(task);
				add(task, ended);
			}
		}
		ended.keySet().removeIf(this::isScheduledAgain);
		this.lastStarts.keySet().retainAll(ended.keySet());
		List<EndedPeriodicTask> all = List.copyOf(ended.values());
		if (!all.equals(this.ended)) {
			this.ended = all;
		}
	}

	private void add(PeriodicTask task, Map<TaskName, EndedPeriodicTask> ended) {
		TaskName name = task.name();
		PeriodicTask.Failure failure = task.failure();
		if (name != null && failure != null && task.isBroken()) {
			EndedPeriodicTask known = ended.get(name);
			ended.put(name, new EndedPeriodicTask(name, (known != null) ? known.tasks() + 1 : 1, failure.at(),
					failure.error()));
			this.lastStarts.merge(name, failure.startedAt(), (one, other) -> (one - other > 0) ? one : other);
		}
	}

	// a task may schedule its successor before it throws
	private boolean isScheduledAgain(TaskName name) {
		Long at = this.scheduled.get(name);
		Long lastStart = this.lastStarts.get(name);
		return at != null && lastStart != null && at - lastStart > 0;
	}

	/**
	 * Those that have ended, as far as was found out.
	 * @return one for each name; the same object as the last time where nothing is new
	 */
	public List<EndedPeriodicTask> ended() {
		return this.ended;
	}

}
