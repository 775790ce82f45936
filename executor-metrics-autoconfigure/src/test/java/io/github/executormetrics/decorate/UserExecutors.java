// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Classes as users write them: public, or known by an interface only.
 */
public final class UserExecutors {

	private UserExecutors() {
	}

	/**
	 * Chooses its queue.
	 */
	public static class OwnThreadPoolTaskExecutor extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		private final transient @Nullable BlockingQueue<Runnable> queue;

		OwnThreadPoolTaskExecutor(@Nullable BlockingQueue<Runnable> queue) {
			this.queue = queue;
		}

		@Override
		protected BlockingQueue<Runnable> createQueue(int queueCapacity) {
			return (this.queue != null) ? this.queue : super.createQueue(queueCapacity);
		}

	}

	/**
	 * Brings a pool of its own.
	 */
	public static class OwnPoolTaskExecutor extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		private final transient ThreadPoolExecutor pool;

		private transient boolean initialized;

		OwnPoolTaskExecutor(ThreadPoolExecutor pool) {
			this.pool = pool;
		}

		@Override
		protected ExecutorService initializeExecutor(ThreadFactory threadFactory, RejectedExecutionHandler handler) {
			this.initialized = true;
			return this.pool;
		}

		@Override
		public ThreadPoolExecutor getThreadPoolExecutor() {
			if (!this.initialized) {
				throw new IllegalStateException("not initialized");
			}
			return this.pool;
		}

	}

	/**
	 * A subclass.
	 */
	public static class OwnThreadPoolTaskScheduler extends ThreadPoolTaskScheduler {

		private static final long serialVersionUID = 1L;

	}

	/**
	 * A subclass.
	 */
	public static class OwnThreadPoolExecutor extends ThreadPoolExecutor {

		OwnThreadPoolExecutor(BlockingQueue<Runnable> queue, ThreadFactory threads, RejectedExecutionHandler handler) {
			super(1, 1, 0, TimeUnit.SECONDS, queue, threads, handler);
		}

	}

	/**
	 * A subclass.
	 */
	public static class OwnScheduledThreadPoolExecutor extends ScheduledThreadPoolExecutor {

		OwnScheduledThreadPoolExecutor(ThreadFactory threads) {
			super(1, threads);
		}

	}

	/**
	 * A subclass, whose setters are final.
	 */
	public static class OwnSimpleAsyncTaskExecutor extends SimpleAsyncTaskExecutor {

		private static final long serialVersionUID = 1L;

	}

	/**
	 * A subclass, whose setters are final.
	 */
	public static class OwnSimpleAsyncTaskScheduler extends SimpleAsyncTaskScheduler {

		private static final long serialVersionUID = 1L;

	}

	/**
	 * A service over another, as users write them.
	 */
	public static class OwnExecutorService extends AbstractExecutorService {

		private final ExecutorService delegate;

		public OwnExecutorService(ExecutorService delegate) {
			this.delegate = delegate;
		}

		@Override
		public void execute(Runnable task) {
			this.delegate.execute(task);
		}

		@Override
		public void shutdown() {
			this.delegate.shutdown();
		}

		@Override
		public List<Runnable> shutdownNow() {
			return this.delegate.shutdownNow();
		}

		@Override
		public boolean isShutdown() {
			return this.delegate.isShutdown();
		}

		@Override
		public boolean isTerminated() {
			return this.delegate.isTerminated();
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
			return this.delegate.awaitTermination(timeout, unit);
		}

	}

	/**
	 * Known by its interface only.
	 */
	static final class HiddenAsyncTaskExecutor implements AsyncTaskExecutor {

		private final ThreadFactory threads;

		HiddenAsyncTaskExecutor(ThreadFactory threads) {
			this.threads = threads;
		}

		@Override
		public void execute(Runnable task) {
			this.threads.newThread(task).start();
		}

	}

}
