// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import java.util.concurrent.BlockingQueue;

import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The state of the pool that Tomcat makes for a connector.
 */
final class TomcatPoolState extends TomcatState<ThreadPoolExecutor> {

	TomcatPoolState(ThreadPoolExecutor pool, @Nullable String threadPrefix) {
		super(pool, threadPrefix);
	}

	@Override
	int threads(ThreadPoolExecutor pool) {
		return pool.getPoolSize();
	}

	@Override
	int active(ThreadPoolExecutor pool) {
		return pool.getActiveCount();
	}

	@Override
	int maxThreads(ThreadPoolExecutor pool) {
		return pool.getMaximumPoolSize();
	}

	@Override
	int queued(ThreadPoolExecutor pool) {
		return pool.getQueue().size();
	}

	@Override
	int maxQueued(ThreadPoolExecutor pool) {
		BlockingQueue<Runnable> queue = pool.getQueue();
		return (int) Math.min(Integer.MAX_VALUE, (long) queue.remainingCapacity() + queue.size());
	}

	@Override
	long completed(ThreadPoolExecutor pool) {
		return pool.getCompletedTaskCount();
	}

	@Override
	boolean hasEnded(ThreadPoolExecutor pool) {
		return pool.isTerminated();
	}

}
