// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A task that is scheduled to run again and again. One run that fails may be its last:
 * its future tells, later than the run.
 */
public final class PeriodicTask {

	private static final Future<?> NONE = CompletableFuture.completedFuture(null);

	private final PeriodicTasks all;

	private final BooleanSupplier stopped;

	private final long createdAt = System.nanoTime();

	private volatile @Nullable TaskName name;

	// not known before the call that schedules it returns, when it may have run
	private volatile @Nullable Future<?> future;

	private volatile @Nullable Failure failure;

	PeriodicTask(PeriodicTasks all, BooleanSupplier stopped) {
		this.all = all;
		this.stopped = stopped;
	}

	void name(TaskName name) {
		this.name = name;
	}

	/**
	 * Say that the scheduler has taken it.
	 * @param future what it gave
	 */
	public void scheduled(@Nullable Future<?> future) {
		this.future = (future != null) ? future : NONE;
		TaskName name = this.name;
		if (name != null) {
			this.all.scheduled(name, this.createdAt);
		}
	}

	/**
	 * Say that a run has failed. What is around it may keep the error from the scheduler.
	 * @param ex what it threw
	 * @param startedAt the {@link System#nanoTime()} at which it started
	 */
	void failed(Throwable ex, long startedAt) {
		if (!isStopped()) {
			this.failure = new Failure(startedAt, Instant.now().truncatedTo(ChronoUnit.MILLIS),
					ex.getClass().getName());
			this.all.failed(this);
		}
	}

	/** Runs are interrupted by a shutdown, and none is to come. */
	private boolean isStopped() {
		try {
			return this.stopped.getAsBoolean();
		}
		catch (Throwable ex) {
			// a scheduler of the user's
			return false;
		}
	}

	/**
	 * Whether the scheduler will not run it any more, for whatever reason.
	 * @return whether it has ended, as far as is known
	 */
	boolean isDone() {
		Future<?> future = this.future;
		return future != null && future.isDone();
	}

	/**
	 * Whether it has ended as its last run failed.
	 * @return whether nobody wanted that
	 */
	boolean isBroken() {
		Future<?> future = this.future;
		return future != null && future != NONE && !future.isCancelled();
	}

	@Nullable TaskName name() {
		return this.name;
	}

	@Nullable Failure failure() {
		return this.failure;
	}

	/**
	 * How a run failed.
	 *
	 * @param startedAt the {@link System#nanoTime()} at which it started
	 * @param at when it ended
	 * @param error the class of what it threw
	 */
	record Failure(long startedAt, Instant at, String error) {

	}

}
