// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What an executor tells of its workers and its queue. All but the threads and the end is
 * read for the watch only, by an {@link ExecutorReader}: a lock that some of it needs may
 * be held for good. May throw, where a user's getter does.
 */
public interface ExecutorState {

	/**
	 * Where a number is unknown or has no bound.
	 */
	int NONE = -1;

	/**
	 * Workers that run a task.
	 * @return the number at this instant
	 */
	int busy();

	/**
	 * Workers that wait for one.
	 * @return the number at this instant, 0 where workers are not kept
	 */
	int idle();

	/**
	 * How many workers may run at once, as things stand: no thread is started past the
	 * core size while the queue takes tasks.
	 * @return the limit, or {@link #NONE}
	 */
	int limit();

	/**
	 * Tasks that could start and have not.
	 * @return the number at this instant
	 */
	int queueDepth();

	/**
	 * How many tasks the queue can hold.
	 * @return the capacity, or {@link #NONE} where it has no bound
	 */
	default int queueCapacity() {
		return NONE;
	}

	/**
	 * The age of the oldest task that could start and has not.
	 * @param now the current {@link System#nanoTime()}
	 * @return nanoseconds, 0 where the queue is empty, {@link #NONE} where it cannot be
	 * told
	 */
	default long oldestQueued(long now) {
		return (queueDepth() == 0) ? 0 : NONE;
	}

	/**
	 * Tasks started so far, where the executor itself counts them.
	 * @return the number, or {@link #NONE}
	 */
	default long started() {
		return NONE;
	}

	/**
	 * All that is told of the workers, for who wants all of it: a pool locks for each
	 * figure.
	 * @return the figures of this instant
	 */
	default WorkerFigures workers() {
		return new WorkerFigures(busy(), idle(), started());
	}

	/**
	 * The threads that work for the executor, where it tells of them itself.
	 * @return those that live, or null where it does not tell
	 */
	default @Nullable List<Thread> threads() {
		return null;
	}

	/**
	 * Look at what stands in the queue, as far as that can be done.
	 * @param atMost how many to look at
	 * @param queued takes each object as it stands there: a task, or the thread of a
	 * submitter that is held
	 */
	default void forEachQueued(int atMost, Consumer<Object> queued) {
	}

	/**
	 * Whether what is queued was not submitted yet: it stands before a throttle, or its
	 * schedule is due.
	 * @return whether the queue tells who wants to run at once, and not a backlog
	 */
	default boolean isQueuedBeforeSubmission() {
		return false;
	}

	/**
	 * How many more tasks the queue takes before one more worker is started.
	 * @return the room, {@link Integer#MAX_VALUE} where none ever is, or {@link #NONE}
	 * where one would be
	 */
	default int roomBeforeWorker() {
		return NONE;
	}

	/**
	 * How many workers a pool has and may have.
	 * @return the sizes, or null where it is no thread pool or gone
	 */
	default @Nullable PoolSizes sizes() {
		return null;
	}

	/**
	 * Find out why nothing of what is queued runs though no worker is busy. Asks the
	 * thread factory for a thread, so this is for a pool that is broken already.
	 * @return the reason, or null where none is found
	 */
	default @Nullable DeadWorkers findDeadWorkers() {
		return null;
	}

	/**
	 * What a fork/join pool tells beyond that.
	 * @return the figures of this instant, or null where it is no such pool or gone
	 */
	default @Nullable ForkJoinFigures forkJoin() {
		return null;
	}

	/**
	 * Whether what it runs gets a virtual thread, so that it waits for a carrier.
	 * @return whether it does, as far as that is known
	 */
	default boolean isOnVirtualThreads() {
		return false;
	}

	/**
	 * Whether the executor is gone or has ended for good.
	 * @return whether there is nothing left to read
	 */
	boolean isGone();

	/**
	 * Whether the executor takes no more tasks and has none left, though it may be used
	 * anew.
	 * @return whether it has come to an end
	 */
	default boolean isEnded() {
		return isGone();
	}

	/**
	 * Whether all tasks it ever took have ended, as far as it can tell.
	 * @return whether it is at rest
	 */
	boolean isAtRest();

}
