// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link ForkJoinPool}: workers that run tasks, and tasks submitted from
 * outside that no worker has taken. What workers have forked and hold themselves is no
 * backlog: it is part of the task that they run. Holds the pool weakly.
 */
final class ForkJoinState implements ExecutorState {

	private final WeakReference<ForkJoinPool> pool;

	private final WorkerMoves moves = new WorkerMoves();

	/**
	 * Create the state of a pool.
	 * @param pool the pool
	 */
	ForkJoinState(ForkJoinPool pool) {
		this.pool = new WeakReference<>(pool);
	}

	@Override
	public int busy() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? pool.getActiveThreadCount() : 0;
	}

	/**
	 * While a submission waits no worker is idle: the pool has woken or started one for
	 * each. What is neither active nor idle then is blocked in a join or a
	 * {@link ForkJoinPool.ManagedBlocker}, and so are the workers beyond the parallelism
	 * that were started in its place.
	 */
	@Override
	public int idle() {
		ForkJoinPool pool = this.pool.get();
		if (pool == null || pool.hasQueuedSubmissions()) {
			return 0;
		}
		return Math.max(0, Math.min(pool.getPoolSize(), pool.getParallelism()) - pool.getActiveThreadCount());
	}

	@Override
	public int limit() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? pool.getParallelism() : NONE;
	}

	@Override
	public int queueDepth() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? pool.getQueuedSubmissionCount() : 0;
	}

	/**
	 * What workers took from queues other than their own: each submission is one, what a
	 * worker forks and runs itself is none. Where it does not move, no submission is
	 * taken; where it does, some may be.
	 */
	@Override
	public long started() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? pool.getStealCount() : NONE;
	}

	@Override
	public WorkerFigures workers() {
		ForkJoinPool pool = this.pool.get();
		boolean known = pool == null || !pool.hasQueuedSubmissions() || !this.moves.haveMoved(pool, System.nanoTime());
		return new WorkerFigures(busy(), idle(), known ? started() : NONE);
	}

	@Override
	public @Nullable ForkJoinFigures forkJoin() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? new ForkJoinFigures(pool.getParallelism(), pool.getPoolSize(),
				pool.getRunningThreadCount(), pool.getActiveThreadCount(), pool.getStealCount(),
				pool.getQueuedTaskCount(), pool.getQueuedSubmissionCount(), pool.hasQueuedSubmissions()) : null;
	}

	@Override
	public List<Thread> threads() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? threadsOf(pool) : List.of();
	}

	static List<Thread> threadsOf(ForkJoinPool pool) {
		return LiveThreads.find((thread) -> thread instanceof ForkJoinWorkerThread worker && worker.getPool() == pool);
	}

	@Override
	public boolean isGone() {
		ForkJoinPool pool = this.pool.get();
		return pool == null || pool.isTerminated();
	}

	@Override
	public boolean isAtRest() {
		ForkJoinPool pool = this.pool.get();
		return pool == null || pool.isTerminated() || pool.isQuiescent();
	}

}
