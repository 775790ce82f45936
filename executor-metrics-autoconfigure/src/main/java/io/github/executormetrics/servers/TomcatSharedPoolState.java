// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import org.apache.catalina.core.StandardThreadExecutor;

/**
 * The state of a pool that connectors of Tomcat share. It may be stopped and started
 * anew.
 */
final class TomcatSharedPoolState extends TomcatState<StandardThreadExecutor> {

	TomcatSharedPoolState(StandardThreadExecutor pool) {
		super(pool, pool.getNamePrefix());
	}

	@Override
	int threads(StandardThreadExecutor pool) {
		return pool.getPoolSize();
	}

	@Override
	int active(StandardThreadExecutor pool) {
		return pool.getActiveCount();
	}

	@Override
	int maxThreads(StandardThreadExecutor pool) {
		return pool.getMaxThreads();
	}

	@Override
	int queued(StandardThreadExecutor pool) {
		// negative while it is stopped
		return Math.max(0, pool.getQueueSize());
	}

	@Override
	int maxQueued(StandardThreadExecutor pool) {
		return pool.getMaxQueueSize();
	}

	@Override
	long completed(StandardThreadExecutor pool) {
		return pool.getCompletedTaskCount();
	}

	@Override
	boolean hasEnded(StandardThreadExecutor pool) {
		return false;
	}

}
