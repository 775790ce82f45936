package io.github.executormetrics.monitor;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * The state of a {@link ForkJoinPool}: workers that run tasks, and tasks submitted from
 * outside that no worker has taken. Holds the pool weakly.
 */
final class ForkJoinState implements ExecutorState {

	private final WeakReference<ForkJoinPool> pool;

	ForkJoinState(ForkJoinPool pool) {
		this.pool = new WeakReference<>(pool);
	}

	@Override
	public int busy() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? Math.max(0, pool.getActiveThreadCount()) : 0;
	}

	@Override
	public int idle() {
		ForkJoinPool pool = this.pool.get();
		return (pool != null) ? Math.max(0, pool.getPoolSize() - pool.getActiveThreadCount()) : 0;
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

	@Override
	public int queueCapacity() {
		return NONE;
	}

	@Override
	public long oldestQueued(long now) {
		return (queueDepth() == 0) ? 0 : NONE;
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
