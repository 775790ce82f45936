// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;

import io.github.executormetrics.decorate.MeteredScheduledExecutorService;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.ExecutorStates;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * The way of the tasks to one worker: past the recorders of all applications that are
 * there, or straight on. A worker outlives applications, so the way changes under it.
 */
final class WorkerLane {

	private final ScheduledExecutorService original;

	private final SchedulerWorkers scheduler;

	private final @Nullable ExecutorState state;

	private final @Nullable ThreadFactory threads;

	private volatile @Nullable Thread thread;

	private volatile ScheduledExecutorService target;

	WorkerLane(ScheduledExecutorService original, SchedulerWorkers scheduler) {
		this.original = original;
		this.scheduler = scheduler;
		this.state = (original instanceof ScheduledThreadPoolExecutor pool)
				? ExecutorStates.ofPool(pool, (owner) -> owner) : null;
		this.threads = (original instanceof ScheduledThreadPoolExecutor pool) ? pool.getThreadFactory() : null;
		this.target = original;
	}

	/**
	 * What Reactor gets in place of the worker.
	 * @return a worker that asks for the way with each task
	 */
	ScheduledExecutorService worker() {
		ThreadFactory threads = this.threads;
		if (threads == null || !(this.original instanceof ScheduledThreadPoolExecutor pool)) {
			return new PlainWorker(this.original, this);
		}
		pool.setThreadFactory((work) -> {
			Thread thread = threads.newThread(work);
			this.thread = thread;
			return thread;
		});
		return new PooledWorker(pool, this);
	}

	/**
	 * The thread of the worker.
	 * @return the thread, or null where it has not started or is not seen
	 */
	@Nullable Thread thread() {
		Thread thread = this.thread;
		return (thread != null && thread.isAlive()) ? thread : null;
	}

	/**
	 * What makes the thread.
	 * @return the factory of Reactor's own, or null where it is not seen
	 */
	@Nullable ThreadFactory threads() {
		return this.threads;
	}

	/**
	 * Lead the tasks past the recorders of these executors from now on.
	 * @param executors one for each application
	 */
	void meter(List<MonitoredExecutor> executors) {
		ScheduledExecutorService target = this.original;
		for (MonitoredExecutor executor : executors) {
			target = MeteredScheduledExecutorService.of(target, executor);
		}
		this.target = target;
	}

	ScheduledExecutorService target() {
		return this.target;
	}

	/**
	 * What the worker tells, or null where another decorator hides it.
	 * @return its state
	 */
	@Nullable ExecutorState state() {
		return this.state;
	}

	void ended() {
		this.scheduler.ended(this);
	}

	/**
	 * Tell what Reactor would have read from the worker itself.
	 * @param key what to tell
	 * @return its value, or null
	 */
	@Nullable Object scan(Attr<?> key) {
		if (this.original instanceof Scannable scannable) {
			return scannable.scanUnsafe(key);
		}
		if (key == Attr.TERMINATED) {
			return this.original.isTerminated();
		}
		if (key == Attr.CANCELLED) {
			return this.original.isShutdown();
		}
		return (this.original instanceof ScheduledThreadPoolExecutor pool) ? scan(pool, key) : null;
	}

	private static @Nullable Object scan(ScheduledThreadPoolExecutor pool, Attr<?> key) {
		if (key == Attr.CAPACITY) {
			return pool.getMaximumPoolSize();
		}
		long tasks = pool.getTaskCount() - pool.getCompletedTaskCount();
		if (key == Attr.BUFFERED) {
			return (int) tasks;
		}
		return (key == Attr.LARGE_BUFFERED) ? tasks : null;
	}

}
