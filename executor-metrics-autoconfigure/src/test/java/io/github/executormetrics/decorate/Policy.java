// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardOldestPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;

import io.github.executormetrics.task.Handling;

/**
 * The JDK's rejection policies and what users write themselves.
 */
enum Policy {

	ABORT(new AbortPolicy(), Handling.ABORTED),

	DISCARD(new DiscardPolicy(), Handling.DISCARDED),

	DISCARD_OLDEST(new DiscardOldestPolicy(), Handling.DISCARDED_OLDEST),

	CALLER_RUNS(new CallerRunsPolicy(), Handling.CALLER_RUNS),

	/**
	 * Submits once more as soon as there is room.
	 */
	RETRYING(Policy::retry, Handling.CUSTOM),

	/**
	 * Queues the task itself, however long that takes.
	 */
	BLOCKING(Policy::block, Handling.CUSTOM),

	/**
	 * Runs the task itself.
	 */
	INLINE((task, pool) -> task.run(), Handling.CUSTOM);

	private final RejectedExecutionHandler handler;

	private final Handling handling;

	Policy(RejectedExecutionHandler handler, Handling handling) {
		this.handler = handler;
		this.handling = handling;
	}

	RejectedExecutionHandler handler() {
		return this.handler;
	}

	Handling handling() {
		return this.handling;
	}

	private static void retry(Runnable task, ThreadPoolExecutor pool) {
		if (pool.isShutdown()) {
			throw new RejectedExecutionException("shut down");
		}
		while (pool.getQueue().remainingCapacity() == 0) {
			Thread.onSpinWait();
			Thread.yield();
		}
		pool.execute(task);
	}

	private static void block(Runnable task, ThreadPoolExecutor pool) {
		try {
			pool.getQueue().put(task);
		}
		catch (InterruptedException ex) {
			throw new RejectedExecutionException(ex);
		}
	}

}
