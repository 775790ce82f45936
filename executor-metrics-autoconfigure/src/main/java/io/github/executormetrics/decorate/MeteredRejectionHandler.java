// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardOldestPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.MeteredFutureTask;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.Queued;
import io.github.executormetrics.task.TaskRecorder;

/**
 * Stands around the user's handler and counts what it does. The JDK's four get our task;
 * any other gets the user's own, which it may cast, and the delegating pool, so that what
 * it submits once more is counted.
 */
final class MeteredRejectionHandler implements RejectedExecutionHandler {

	private static final Set<Class<?>> KNOWN = Set.of(AbortPolicy.class, CallerRunsPolicy.class,
			DiscardOldestPolicy.class, DiscardPolicy.class);

	private static final ThreadLocal<@Nullable Runnable> DECORATED = new ThreadLocal<>();

	private final RejectedExecutionHandler handler;

	private final PoolIntake intake;

	private final TaskRecorder recorder;

	MeteredRejectionHandler(RejectedExecutionHandler handler, PoolIntake intake) {
		this.handler = handler;
		this.intake = intake;
		this.recorder = intake.recorder();
	}

	static boolean isKnown(RejectedExecutionHandler handler) {
		return KNOWN.contains(handler.getClass());
	}

	RejectedExecutionHandler handler() {
		return this.handler;
	}

	@Override
	public void rejectedExecution(Runnable task, ThreadPoolExecutor pool) {
		Class<?> policy = this.handler.getClass();
		if (policy == DiscardOldestPolicy.class && !pool.isShutdown()) {
			discardOldest(task, pool);
		}
		else if (policy == CallerRunsPolicy.class && !pool.isShutdown()) {
			this.recorder.refused(task, Handling.CALLER_RUNS);
			task.run();
		}
		else if (policy == AbortPolicy.class) {
			this.recorder.refused(task, Handling.ABORTED);
			this.handler.rejectedExecution(task, pool);
		}
		else if (KNOWN.contains(policy)) {
			// discards, as the other two do once the pool is shut down
			this.recorder.refused(task, Handling.DISCARDED);
			if (!pool.isShutdown()) {
				this.recorder.droppedSilently(false);
			}
		}
		else {
			handle(task, pool);
		}
	}

	private void discardOldest(Runnable task, ThreadPoolExecutor pool) {
		this.recorder.refused(task, Handling.DISCARDED_OLDEST);
		Runnable oldest = pool.getQueue().poll();
		if (oldest != null) {
			// nobody waits for one that was cancelled
			boolean wanted = !(oldest instanceof MeteredFutureTask<?> future && future.isCancelled());
			this.recorder.dropped(oldest);
			if (wanted) {
				this.recorder.droppedSilently(true);
			}
		}
		pool.execute(task);
	}

	/**
	 * Whether a handler on this thread was given a task that a user's decorator has put
	 * around ours, so that it is metered already.
	 * @param task what the handler puts into the queue
	 * @return whether it is to pass as it is
	 */
	static boolean isDecorated(Runnable task) {
		return DECORATED.get() == task;
	}

	private void handle(Runnable task, ThreadPoolExecutor pool) {
		this.recorder.withdrawn(task);
		try {
			give(task, this.intake.view());
		}
		catch (RejectedExecutionException ex) {
			this.recorder.refused(task, Handling.ABORTED);
			throw ex;
		}
		catch (Throwable ex) {
			// a refusal in the user's own words, which no submission further down catches
			this.recorder.rejected();
			throw ex;
		}
		this.recorder.refused(task, Handling.CUSTOM);
		if (!pool.isShutdown()) {
			lookForDrop(task);
		}
	}

	/**
	 * What a handler of the user's does with a plain task is not seen: it may have run
	 * it. Only a future tells that it was neither run nor handed over again.
	 */
	private void lookForDrop(Runnable task) {
		if (this.handler instanceof DiscardOldestPolicy) {
			this.recorder.droppedSilently(true);
		}
		else if (task instanceof MeteredFutureTask<?> future) {
			if (future.isDormantOf(this.recorder) && !future.isDone()) {
				this.recorder.droppedSilently(false);
			}
		}
		else if (this.handler instanceof DiscardPolicy) {
			this.recorder.droppedSilently(false);
		}
	}

	private void give(Runnable task, ThreadPoolExecutor view) {
		if (task instanceof Queued) {
			this.handler.rejectedExecution(MeteredTask.unwrap(task), view);
			return;
		}
		Runnable outer = DECORATED.get();
		DECORATED.set(task);
		try {
			this.handler.rejectedExecution(task, view);
		}
		finally {
			if (outer != null) {
				DECORATED.set(outer);
			}
			else {
				DECORATED.remove();
			}
		}
	}

}
