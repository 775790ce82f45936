// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.SafeLog;

/**
 * Takes the tasks of a {@link ThreadPoolExecutor}: knows its queue, stands in its
 * rejection handler, and gives the metered pool that users see in its place.
 */
class PoolIntake extends TaskIntake {

	private final boolean ordered;

	private final ThreadPoolExecutor view;

	private @Nullable String handlerReason;

	private @Nullable BlockingQueue<Runnable> queue;

	PoolIntake(ThreadPoolExecutor pool, MonitoredExecutor executor) {
		super(executor);
		this.ordered = pool.getQueue() instanceof PriorityBlockingQueue<?>;
		this.view = createView(pool);
	}

	/**
	 * Meter a pool, or say in its coverage why it is left alone.
	 * @param pool the pool itself
	 * @param executor whose pool it is
	 * @param known where the pool becomes known, so that a bean which is the pool itself
	 * is not decorated as well
	 * @return the pool that takes its place, or the same where it is left alone
	 */
	static ThreadPoolExecutor meter(ThreadPoolExecutor pool, MonitoredExecutor executor, KnownExecutors known) {
		String obstacle;
		try {
			obstacle = PoolShape.obstacleToMetering(pool);
			if (obstacle == null) {
				PoolIntake intake = (pool instanceof ScheduledThreadPoolExecutor scheduled)
						? new ScheduledPoolIntake(scheduled, executor) : new PoolIntake(pool, executor);
				intake.installThreadFactory(pool);
				intake.setHandler(pool, pool.getRejectedExecutionHandler());
				known.add(pool, intake.view, executor.name());
				return intake.view;
			}
		}
		catch (Throwable ex) {
			obstacle = "the pool " + pool.getClass().getName() + " cannot be metered: " + SafeLog.describe(ex);
		}
		letGo(pool);
		executor.cover(Coverage.STATE, obstacle);
		return pool;
	}

	/**
	 * The pool behind a metered one.
	 * @param pool a pool
	 * @return the pool itself
	 */
	static ThreadPoolExecutor poolOf(ThreadPoolExecutor pool) {
		if (pool instanceof MeteredScheduledThreadPoolExecutor metered) {
			return metered.pool();
		}
		return (pool instanceof MeteredThreadPoolExecutor metered) ? metered.pool() : pool;
	}

	/**
	 * Take back what a context has left in the pool that it has not outlived.
	 */
	private static void letGo(ThreadPoolExecutor pool) {
		try {
			if (pool.getThreadFactory() instanceof MeteredThreadFactory metered) {
				pool.setThreadFactory(metered.factory());
			}
			if (pool.getRejectedExecutionHandler() instanceof MeteredRejectionHandler metered) {
				pool.setRejectedExecutionHandler(metered.handler());
			}
		}
		catch (Throwable ex) {
			// a getter or setter of the user's, who has it as it was
		}
	}

	private void installThreadFactory(ThreadPoolExecutor pool) {
		try {
			setThreadFactory(pool, pool.getThreadFactory());
		}
		catch (Throwable ex) {
			// a setter of the user's may refuse it: its threads stay unknown, its tasks
			// do not
		}
	}

	private ThreadPoolExecutor createView(ThreadPoolExecutor pool) {
		if (!PoolShape.isPlainClass(pool.getClass())) {
			// callers may know a class of the user's
			return (ThreadPoolExecutor) ExecutorProxy.of(pool, this);
		}
		return (pool instanceof ScheduledThreadPoolExecutor scheduled)
				? new MeteredScheduledThreadPoolExecutor(scheduled, this) : new MeteredThreadPoolExecutor(pool, this);
	}

	@Override
	boolean isOrdered() {
		return this.ordered;
	}

	/**
	 * The one pool that users get in place of the real one.
	 * @return a pool that delegates to it
	 */
	final ThreadPoolExecutor view() {
		return this.view;
	}

	/**
	 * Set the user's thread factory inside of ours.
	 * @param pool the pool itself
	 * @param factory the user's thread factory
	 */
	final void setThreadFactory(ThreadPoolExecutor pool, ThreadFactory factory) {
		ThreadFactory own = unwrap(factory);
		pool.setThreadFactory((own != null) ? new MeteredThreadFactory(own, executor().threads()) : own);
	}

	/**
	 * The user's own thread factory.
	 * @param pool the pool itself
	 * @return what the user set
	 */
	static ThreadFactory getThreadFactory(ThreadPoolExecutor pool) {
		return unwrap(pool.getThreadFactory());
	}

	private static ThreadFactory unwrap(ThreadFactory factory) {
		return (factory instanceof MeteredThreadFactory metered) ? metered.factory() : factory;
	}

	/**
	 * Set the user's handler inside of ours.
	 * @param pool the pool itself
	 * @param handler the user's handler
	 */
	final void setHandler(ThreadPoolExecutor pool, RejectedExecutionHandler handler) {
		RejectedExecutionHandler own = unwrap(handler);
		if (own == null) {
			// the pool's own answer to null is the right one
			pool.setRejectedExecutionHandler(own);
			return;
		}
		pool.setRejectedExecutionHandler(new MeteredRejectionHandler(own, this));
		explain(MeteredRejectionHandler.isKnown(own) ? null : "tasks that the rejection handler "
				+ own.getClass().getName() + " runs itself, or queues without getQueue(), are not visible");
	}

	private synchronized void explain(@Nullable String reason) {
		boolean first = this.handlerReason == null;
		this.handlerReason = reason;
		if (reason != null || !first) {
			// otherwise another instance of a prototype may have more to say
			executor().cover(Coverage.TASKS, reason);
		}
	}

	/**
	 * The user's own handler.
	 * @param pool the pool itself
	 * @return what the user set
	 */
	static RejectedExecutionHandler getHandler(ThreadPoolExecutor pool) {
		return unwrap(pool.getRejectedExecutionHandler());
	}

	/**
	 * Ours may be that of a context that the pool has outlived.
	 */
	private static RejectedExecutionHandler unwrap(RejectedExecutionHandler handler) {
		return (handler instanceof MeteredRejectionHandler metered) ? metered.handler() : handler;
	}

	/**
	 * Count what a shutdown handed back, and give the user's own objects.
	 * @param handedBack what the pool returned
	 * @return the user's tasks and futures
	 */
	final List<Runnable> handBack(List<Runnable> handedBack) {
		List<Runnable> own = new ArrayList<>(handedBack.size());
		for (Runnable task : handedBack) {
			recorder().dropped(task);
			own.add(MeteredTask.unwrap(task));
		}
		return own;
	}

	/**
	 * Remove a task from the queue that the user knows by its own object.
	 * @param pool the pool itself
	 * @param task the user's task
	 * @return whether it was there
	 */
	final boolean remove(ThreadPoolExecutor pool, Runnable task) {
		if (task == null || pool instanceof ScheduledThreadPoolExecutor) {
			// its queue contains the futures that users hold, and finds them at once
			return pool.remove(task);
		}
		return SearchedTask.remove(task, pool::remove, recorder());
	}

	/**
	 * The one queue that users get in place of the real one.
	 * @param queue the real queue
	 * @return the same queue, containing the user's own tasks
	 */
	final synchronized BlockingQueue<Runnable> queue(BlockingQueue<Runnable> queue) {
		BlockingQueue<Runnable> view = this.queue;
		if (view == null) {
			view = TaskQueueProxy.of(queue, this);
			this.queue = view;
		}
		return view;
	}

}
