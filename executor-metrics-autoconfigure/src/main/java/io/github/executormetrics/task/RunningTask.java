// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * A task that runs.
 *
 * @param thread the thread that runs it
 * @param name what to call it
 * @param startNanos the {@link System#nanoTime()} of its start, or of the first look at
 * it where it is not timed
 * @param ageNanos for how long it runs, or at least so
 * @param submittedAt the {@link System#nanoTime()} of its submission
 * @param submitter who submitted it, as {@link Queued#submitter()} tells
 * @param future the future of the user's that it is the run of, or null
 */
public record RunningTask(Thread thread, TaskName name, long startNanos, long ageNanos, long submittedAt, int submitter,
		@Nullable Future<?> future) {

	private static final TaskName UNSEEN = new TaskName("unseen", -1);

	/**
	 * What a thread runs whose tasks are not seen.
	 * @param thread the thread
	 * @return a task without an age
	 */
	public static RunningTask unseen(Thread thread) {
		return new RunningTask(thread, UNSEEN, 0, 0, 0, Queued.NOBODY, null);
	}

	/**
	 * The id of its thread.
	 * @return the id, or one that no thread has where the thread gives none that is valid
	 */
	public long threadId() {
		long id = Threads.id(this.thread);
		return (id > 0) ? id : Long.MAX_VALUE;
	}

	/**
	 * What to call its thread.
	 * @return its name, or its id where it is a virtual thread without a name
	 */
	public String threadName() {
		String name = this.thread.getName();
		return !name.isEmpty() ? SafeLog.oneLine(name) : "#" + threadId();
	}

	/**
	 * Whether this is a later look at the same run.
	 * @param other the earlier look
	 * @return whether it is
	 */
	public boolean isSameRun(RunningTask other) {
		// the first look at a run that is not timed gives it a start that stays
		return this.thread == other.thread && this.startNanos == other.startNanos
				&& this.submittedAt == other.submittedAt && this.submitter == other.submitter;
	}

}
