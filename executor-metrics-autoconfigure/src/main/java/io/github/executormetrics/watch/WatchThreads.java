// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Daemon threads for what may block for good: reading an executor, and calling a log, a
 * listener or a meter registry. They come when they are needed and go when they are idle,
 * or when the watch stops.
 */
class WatchThreads {

	private final List<Pool> pools = new CopyOnWriteArrayList<>();

	/**
	 * As many threads as there are calls at once.
	 * @param name how they are named
	 * @return runs each call at once
	 */
	Executor many(String name) {
		return add(new Pool(name, 0, Integer.MAX_VALUE, SynchronousQueue::new));
	}

	/**
	 * One thread, which makes one call after the other.
	 * @param name how it is named
	 * @param waiting how many calls may wait while one is made
	 * @return runs each call when those before it are over, or never where as many as may
	 * wait already
	 */
	Executor one(String name, int waiting) {
		return add(new Pool(name, 1, 1, () -> new LinkedBlockingQueue<>(waiting)));
	}

	private Executor add(Pool pool) {
		this.pools.add(pool);
		return pool;
	}

	/**
	 * Let all threads end once they have made the calls that wait. Further calls start
	 * new ones.
	 */
	void stop() {
		this.pools.forEach(Pool::stop);
	}

	private static final class Pool implements Executor {

		private static final long KEEP_ALIVE = 10;

		private final String name;

		private final int core;

		private final int maximum;

		private final Supplier<BlockingQueue<Runnable>> queue;

		private @Nullable ThreadPoolExecutor threads;

		Pool(String name, int core, int maximum, Supplier<BlockingQueue<Runnable>> queue) {
			this.name = name;
			this.core = core;
			this.maximum = maximum;
			this.queue = queue;
		}

		@Override
		public synchronized void execute(Runnable call) {
			ThreadPoolExecutor threads = this.threads;
			if (threads == null) {
				threads = new ThreadPoolExecutor(this.core, this.maximum, KEEP_ALIVE, TimeUnit.SECONDS,
						this.queue.get(), this::thread, new ThreadPoolExecutor.DiscardPolicy());
				threads.allowCoreThreadTimeOut(true);
				this.threads = threads;
			}
			threads.execute(call);
		}

		private Thread thread(Runnable work) {
			// no thread-locals of whom the watch was started by, and no class loader
			Thread thread = new Thread(null, work, "executor-metrics-" + this.name, 0, false);
			thread.setDaemon(true);
			thread.setContextClassLoader(getClass().getClassLoader());
			return thread;
		}

		synchronized void stop() {
			ThreadPoolExecutor threads = this.threads;
			if (threads != null) {
				this.threads = null;
				threads.shutdown();
			}
		}

	}

}
