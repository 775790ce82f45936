// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The names of tasks that ran for a while and have ended lately, by the ids of their
 * threads: what JFR tells of a thread comes a second later. Of fixed size; the later of
 * two takes the place.
 */
final class EndedTasks {

	/**
	 * How long a task runs at least that is kept here.
	 */
	static final long LONG_ENOUGH = TimeUnit.MILLISECONDS.toNanos(20);

	private static final int SIZE = 1024;

	private final AtomicReferenceArray<@Nullable Ended> ended = new AtomicReferenceArray<>(SIZE);

	void add(long threadId, TaskName name, long start, long end) {
		this.ended.setRelease((int) threadId & (SIZE - 1), new Ended(threadId, name, start, end));
	}

	/**
	 * Find a task.
	 * @param threadId the id of the thread that ran it
	 * @param nanos an instant at which it ran
	 * @return its name, or null where another has taken its place
	 */
	@Nullable TaskName find(long threadId, long nanos) {
		Ended ended = this.ended.getAcquire((int) threadId & (SIZE - 1));
		return (ended != null && ended.threadId() == threadId && ended.ranAt(nanos)) ? ended.name() : null;
	}

	private record Ended(long threadId, TaskName name, long start, long end) {

		// a thread may have run another one since
		boolean ranAt(long nanos) {
			return nanos - this.start >= 0 && nanos - this.end <= 0;
		}

	}

}
