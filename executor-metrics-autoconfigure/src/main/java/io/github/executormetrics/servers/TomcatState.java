// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import java.lang.ref.WeakReference;
import java.util.List;

import org.apache.tomcat.util.threads.TaskThread;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.LiveThreads;
import io.github.executormetrics.monitor.WorkerFigures;

/**
 * The state of a pool of Tomcat's, which starts a thread rather than queue a task while
 * it has less than it may have. Holds the pool weakly.
 *
 * @param <P> the type of the pool
 */
abstract class TomcatState<P> implements ExecutorState {

	private final WeakReference<P> pool;

	private final @Nullable String threadPrefix;

	TomcatState(P pool, @Nullable String threadPrefix) {
		this.pool = new WeakReference<>(pool);
		this.threadPrefix = threadPrefix;
	}

	abstract int threads(P pool);

	abstract int active(P pool);

	abstract int maxThreads(P pool);

	abstract int queued(P pool);

	abstract int maxQueued(P pool);

	abstract long completed(P pool);

	abstract boolean hasEnded(P pool);

	@Override
	public int busy() {
		P pool = this.pool.get();
		return (pool != null) ? active(pool) : 0;
	}

	@Override
	public int idle() {
		P pool = this.pool.get();
		return (pool != null) ? Math.max(0, threads(pool) - active(pool)) : 0;
	}

	@Override
	public int limit() {
		P pool = this.pool.get();
		return (pool != null) ? maxThreads(pool) : NONE;
	}

	@Override
	public int queueDepth() {
		P pool = this.pool.get();
		return (pool != null) ? queued(pool) : 0;
	}

	@Override
	public int queueCapacity() {
		P pool = this.pool.get();
		int capacity = (pool != null) ? maxQueued(pool) : Integer.MAX_VALUE;
		return (capacity != Integer.MAX_VALUE) ? capacity : NONE;
	}

	@Override
	public long started() {
		P pool = this.pool.get();
		return (pool != null) ? completed(pool) + active(pool) : NONE;
	}

	@Override
	public WorkerFigures workers() {
		P pool = this.pool.get();
		if (pool == null) {
			return new WorkerFigures(0, 0, NONE);
		}
		// one more lock and walk, of which nobody makes use while nothing is queued
		long completed = (queued(pool) > 0) ? completed(pool) : 0;
		int busy = active(pool);
		return new WorkerFigures(busy, Math.max(0, threads(pool) - busy), completed + busy);
	}

	@Override
	public @Nullable List<Thread> threads() {
		String prefix = this.threadPrefix;
		return (prefix != null)
				? LiveThreads.find((thread) -> thread instanceof TaskThread && thread.getName().startsWith(prefix))
				: null;
	}

	@Override
	public int roomBeforeWorker() {
		P pool = this.pool.get();
		return (pool != null && threads(pool) >= maxThreads(pool)) ? Integer.MAX_VALUE : NONE;
	}

	@Override
	public boolean isGone() {
		P pool = this.pool.get();
		return pool == null || hasEnded(pool);
	}

	@Override
	public boolean isAtRest() {
		P pool = this.pool.get();
		return pool == null || (queued(pool) == 0 && active(pool) == 0);
	}

}
