package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;

/**
 * Takes the tasks of a {@link ThreadPoolExecutor}: knows its queue, stands in its
 * rejection handler, and gives the delegating pool that users see in its place.
 */
final class PoolIntake extends TaskIntake {

	private final KnownExecutors known;

	private volatile Supplier<@Nullable ThreadPoolExecutor> source = () -> null;

	private volatile @Nullable ThreadPoolExecutor pool;

	private volatile @Nullable ThreadPoolExecutor view;

	private volatile @Nullable FutureFactory futures;

	private volatile @Nullable String viewReason;

	private volatile @Nullable String handlerReason;

	private String said = "";

	private volatile boolean ownSubmit;

	private volatile boolean ordered;

	private volatile boolean passThrough;

	/**
	 * Create an intake.
	 * @param executor whose tasks it takes
	 * @param known where the pool becomes known, so that a bean which is the pool itself
	 * is not decorated as well
	 */
	PoolIntake(MonitoredExecutor executor, KnownExecutors known) {
		super(executor);
		this.known = known;
	}

	/**
	 * Look before each task which pool stands behind.
	 * @param source gives the pool itself, or null while there is none
	 */
	void follow(Supplier<@Nullable ThreadPoolExecutor> source) {
		this.source = source;
	}

	/**
	 * Prepare for the pool, which an initialization may have replaced by a new one.
	 * @param pool the pool itself
	 */
	void use(ThreadPoolExecutor pool) {
		if (this.pool != pool) {
			install(pool);
		}
	}

	private synchronized void install(ThreadPoolExecutor pool) {
		if (this.pool == pool) {
			return;
		}
		this.ordered = pool.getQueue() instanceof PriorityBlockingQueue<?>;
		this.ownSubmit = Overrides.hasSubmit(pool.getClass());
		String obstacle;
		ThreadPoolExecutor view = pool;
		try {
			FutureFactory futures = new FutureFactory(pool, recorder());
			this.futures = futures;
			obstacle = PoolShape.obstacleToMetering(pool, this.ownSubmit && futures.isUsers());
			if (obstacle == null) {
				view = createView(pool);
			}
		}
		catch (RuntimeException | LinkageError ex) {
			// may come as late as with a task, which must go on
			obstacle = "its pool " + pool.getClass().getName() + " cannot be proxied: " + ex;
		}
		this.view = view;
		this.passThrough = obstacle != null;
		if (obstacle != null) {
			this.said = obstacle;
			executor().cover(Coverage.STATE, obstacle);
		}
		installThreadFactory(pool);
		RejectedExecutionHandler handler = pool.getRejectedExecutionHandler();
		if (obstacle == null || handler instanceof MeteredRejectionHandler) {
			setHandler(pool, handler);
		}
		if (view != pool) {
			// else what is handed to the pool itself is counted nowhere
			this.known.add(pool, view, executor().name());
		}
		this.pool = pool;
	}

	private void installThreadFactory(ThreadPoolExecutor pool) {
		try {
			ThreadFactory factory = pool.getThreadFactory();
			if (this.view != pool || factory instanceof MeteredThreadFactory) {
				setThreadFactory(pool, factory);
			}
		}
		catch (RuntimeException ex) {
			// a setter of the user's may refuse it: its threads stay unknown, its tasks
			// do not
		}
	}

	private ThreadPoolExecutor createView(ThreadPoolExecutor pool) {
		this.viewReason = null;
		Class<?> type = pool.getClass();
		if (type.getName().startsWith("java.") || (Overrides.isKnown(type) && type.isAnonymousClass())) {
			return (pool instanceof ScheduledThreadPoolExecutor scheduled)
					? new MeteredScheduledThreadPoolExecutor(scheduled, this)
					: new MeteredThreadPoolExecutor(pool, this);
		}
		// callers may know a class of the user's
		String obstacle = new BeanShape(type, null).obstacleToProxy();
		if (obstacle == null) {
			return (ThreadPoolExecutor) ExecutorProxy.of(pool, this);
		}
		this.viewReason = "tasks handed to its pool " + type.getName() + " itself are not seen: " + obstacle;
		return pool;
	}

	@Override
	boolean isOrdered() {
		return this.ordered;
	}

	@Override
	boolean hasOwnSubmit() {
		return this.ownSubmit;
	}

	@Override
	<T extends @Nullable Object> Future<T> submit(Callable<T> task, Executor target) {
		FutureFactory futures = this.futures;
		if (futures == null) {
			return super.submit(task, target);
		}
		RunnableFuture<T> future = futures.of(task);
		execute(future, target);
		return future;
	}

	@Override
	<T extends @Nullable Object> Future<T> submit(Runnable task, T result, Executor target) {
		FutureFactory futures = this.futures;
		if (futures == null) {
			return super.submit(task, result, target);
		}
		RunnableFuture<T> future = futures.of(task, result);
		execute(future, target);
		return future;
	}

	@Override
	boolean isPassThrough() {
		ThreadPoolExecutor current = this.source.get();
		if (current != null) {
			use(current);
		}
		return this.passThrough;
	}

	/**
	 * The one pool that users get in place of the real one.
	 * @param pool the pool itself
	 * @return a pool that delegates to it
	 */
	ThreadPoolExecutor view(ThreadPoolExecutor pool) {
		use(pool);
		ThreadPoolExecutor view = this.view;
		return (view != null) ? view : pool;
	}

	/**
	 * Set the user's thread factory inside of ours, unless the user sees the pool itself.
	 * @param pool the pool itself
	 * @param factory the user's thread factory
	 */
	void setThreadFactory(ThreadPoolExecutor pool, ThreadFactory factory) {
		ThreadFactory own = unwrap(factory);
		boolean seen = this.view == pool;
		pool.setThreadFactory((seen || own == null) ? own : new MeteredThreadFactory(own, executor().threads()));
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
	void setHandler(ThreadPoolExecutor pool, RejectedExecutionHandler handler) {
		RejectedExecutionHandler own = unwrap(handler);
		if (this.passThrough || own == null) {
			pool.setRejectedExecutionHandler(own);
			return;
		}
		pool.setRejectedExecutionHandler(new MeteredRejectionHandler(own, this));
		this.handlerReason = MeteredRejectionHandler.isKnown(own) ? null : "tasks that its rejection handler "
				+ own.getClass().getName() + " runs or queues itself are not seen";
		sayReasons();
	}

	private synchronized void sayReasons() {
		String reason = Stream.of(this.viewReason, this.handlerReason)
			.filter(Objects::nonNull)
			.collect(Collectors.joining("; "));
		if (!reason.equals(this.said)) {
			// else another instance of a prototype may have more to say
			this.said = reason;
			executor().cover(Coverage.TASKS, reason.isEmpty() ? null : reason);
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
	List<Runnable> handBack(List<Runnable> handedBack) {
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
	boolean remove(ThreadPoolExecutor pool, Runnable task) {
		if (pool.remove(task)) {
			recorder().dropped(task);
			return true;
		}
		for (Runnable queued : pool.getQueue()) {
			if (queued instanceof MeteredTask metered && task.equals(metered.delegate()) && pool.remove(queued)) {
				recorder().dropped(queued);
				return true;
			}
		}
		return false;
	}

}
