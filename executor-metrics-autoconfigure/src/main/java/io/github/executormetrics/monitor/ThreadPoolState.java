// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.Queued;

/**
 * The state of a {@link ThreadPoolExecutor}, scheduled or not. In a scheduler's queue
 * only what is overdue and not cancelled counts. Holds what owns the pool weakly.
 *
 * @param <O> the type of what owns the pool
 */
final class ThreadPoolState<O> implements ExecutorState {

	private static final int LOOK_AT_MOST = 1000;

	private final WeakReference<O> owner;

	private final Function<O, @Nullable ThreadPoolExecutor> pool;

	ThreadPoolState(O owner, Function<O, @Nullable ThreadPoolExecutor> pool) {
		this.owner = new WeakReference<>(owner);
		this.pool = pool;
	}

	private @Nullable ThreadPoolExecutor pool() {
		O owner = this.owner.get();
		return (owner != null) ? this.pool.apply(owner) : null;
	}

	@Override
	public int busy() {
		ThreadPoolExecutor pool = pool();
		return (pool != null) ? pool.getActiveCount() : 0;
	}

	@Override
	public int idle() {
		ThreadPoolExecutor pool = pool();
		return (pool != null) ? Math.max(0, pool.getPoolSize() - pool.getActiveCount()) : 0;
	}

	@Override
	public int limit() {
		ThreadPoolExecutor pool = pool();
		if (pool == null) {
			return NONE;
		}
		if (pool.isTerminated()) {
			return 0;
		}
		BlockingQueue<Runnable> queue = pool.getQueue();
		if (capacity(queue) == NONE) {
			return Math.max(1, pool.getCorePoolSize());
		}
		if (queue.remainingCapacity() > 0 && isOfTheJdk(queue)) {
			// those past the core size are there since the queue was full, and stay a
			// while
			return Math.max(1, Math.max(pool.getCorePoolSize(), pool.getPoolSize()));
		}
		return (pool.getMaximumPoolSize() == Integer.MAX_VALUE) ? NONE : pool.getMaximumPoolSize();
	}

	@Override
	public int queueDepth() {
		ThreadPoolExecutor pool = pool();
		if (pool == null) {
			return 0;
		}
		BlockingQueue<Runnable> queue = pool.getQueue();
		return isDelaying(queue) ? overdue(queue) : queue.size();
	}

	@Override
	public int queueCapacity() {
		ThreadPoolExecutor pool = pool();
		if (pool == null) {
			return NONE;
		}
		return pool.isTerminated() ? 0 : capacity(pool.getQueue());
	}

	@Override
	public long oldestQueued(long now) {
		ThreadPoolExecutor pool = pool();
		if (pool == null) {
			return 0;
		}
		BlockingQueue<Runnable> queue = pool.getQueue();
		Runnable head = queue.peek();
		if (head == null) {
			return 0;
		}
		if (head instanceof Delayed) {
			return oldestOverdue(queue);
		}
		if (queue instanceof PriorityBlockingQueue<?>) {
			return oldestOf(queue, now);
		}
		return (head instanceof Queued queued) ? Math.max(0, now - queued.submittedAt()) : NONE;
	}

	@Override
	public long started() {
		ThreadPoolExecutor pool = pool();
		return (pool != null) ? pool.getCompletedTaskCount() + pool.getActiveCount() : NONE;
	}

	@Override
	public WorkerFigures workers() {
		ThreadPoolExecutor pool = pool();
		if (pool == null) {
			return new WorkerFigures(0, 0, NONE);
		}
		// one more lock and walk, of which nobody makes use while nothing is queued
		long completed = (pool.getQueue().peek() != null) ? pool.getCompletedTaskCount() : 0;
		int busy = pool.getActiveCount();
		return new WorkerFigures(busy, Math.max(0, pool.getPoolSize() - busy), completed + busy);
	}

	@Override
	public void forEachQueued(int atMost, Consumer<Object> queued) {
		ThreadPoolExecutor pool = pool();
		if (pool == null) {
			return;
		}
		// step by step: forEach of some queues holds their lock for the whole of it
		Iterator<Runnable> tasks = pool.getQueue().iterator();
		for (int i = 0; i < atMost && tasks.hasNext(); i++) {
			queued.accept(tasks.next());
		}
	}

	@Override
	public boolean isQueuedBeforeSubmission() {
		return pool() instanceof ScheduledThreadPoolExecutor;
	}

	@Override
	public int roomBeforeWorker() {
		ThreadPoolExecutor pool = pool();
		if (pool == null || pool.getPoolSize() < pool.getCorePoolSize()) {
			return NONE;
		}
		int room = pool.getQueue().remainingCapacity();
		if (pool.getPoolSize() >= pool.getMaximumPoolSize() || room == Integer.MAX_VALUE) {
			return Integer.MAX_VALUE;
		}
		return (room > 0) ? room : NONE;
	}

	@Override
	public @Nullable PoolSizes sizes() {
		ThreadPoolExecutor pool = pool();
		return (pool != null) ? new PoolSizes(pool.getPoolSize(), pool.getCorePoolSize(), pool.getMaximumPoolSize())
				: null;
	}

	@Override
	public @Nullable DeadWorkers findDeadWorkers() {
		ThreadPoolExecutor pool = pool();
		return (pool != null && !pool.isShutdown()) ? DeadWorkers.ofFactory(pool.getThreadFactory()) : null;
	}

	@Override
	public boolean isGone() {
		O owner = this.owner.get();
		// one that owns a pool may make a new one where this has ended
		return owner == null || (owner instanceof ThreadPoolExecutor ended && ended.isTerminated());
	}

	@Override
	public boolean isEnded() {
		ThreadPoolExecutor pool = pool();
		return isGone() || (pool != null && pool.isTerminated());
	}

	@Override
	public boolean isAtRest() {
		ThreadPoolExecutor pool = pool();
		return pool == null || pool.isTerminated() || (queueDepth() == 0 && pool.getActiveCount() == 0);
	}

	private static int capacity(BlockingQueue<Runnable> queue) {
		int remaining = queue.remainingCapacity();
		if (remaining == Integer.MAX_VALUE) {
			// some such queues count what stands in them one by one
			return NONE;
		}
		long capacity = (long) remaining + queue.size();
		return (capacity >= Integer.MAX_VALUE) ? NONE : (int) capacity;
	}

	/**
	 * One of the user's may refuse tasks so that the pool starts a thread for them.
	 */
	private static boolean isOfTheJdk(BlockingQueue<Runnable> queue) {
		return queue.getClass().getName().startsWith("java.util.concurrent.");
	}

	private static boolean isDelaying(BlockingQueue<Runnable> queue) {
		return queue.peek() instanceof Delayed;
	}

	private static int overdue(BlockingQueue<Runnable> queue) {
		if (!isOverdue(queue.peek())) {
			return 0;
		}
		int overdue = 0;
		for (Runnable task : queue) {
			overdue += (isOverdue(task) && !isCancelled(task)) ? 1 : 0;
		}
		return overdue;
	}

	private static long oldestOverdue(BlockingQueue<Runnable> queue) {
		Runnable head = queue.peek();
		if (!isOverdue(head)) {
			return 0;
		}
		if (!isCancelled(head)) {
			return age(head);
		}
		long oldest = 0;
		for (Runnable task : queue) {
			oldest = isCancelled(task) ? oldest : Math.max(oldest, age(task));
		}
		return oldest;
	}

	private static boolean isOverdue(@Nullable Runnable task) {
		return task instanceof Delayed delayed && delayed.getDelay(TimeUnit.NANOSECONDS) < 0;
	}

	private static boolean isCancelled(@Nullable Runnable task) {
		try {
			return task instanceof Future<?> future && future.isCancelled();
		}
		catch (Throwable ex) {
			// one task of the user's, for which all others are counted nevertheless
			return false;
		}
	}

	private static long age(@Nullable Runnable task) {
		return (task instanceof Delayed delayed) ? Math.max(0, -delayed.getDelay(TimeUnit.NANOSECONDS)) : 0;
	}

	/**
	 * The head of a priority queue is the most urgent, not the oldest.
	 */
	private static long oldestOf(BlockingQueue<Runnable> queue, long now) {
		long oldest = NONE;
		Iterator<Runnable> tasks = queue.iterator();
		for (int i = 0; i < LOOK_AT_MOST && tasks.hasNext(); i++) {
			if (tasks.next() instanceof Queued queued) {
				oldest = Math.max(oldest, now - queued.submittedAt());
			}
		}
		return oldest;
	}

}
