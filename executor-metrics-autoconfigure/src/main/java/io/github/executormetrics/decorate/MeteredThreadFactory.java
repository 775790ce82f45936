// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.ThreadFactory;

import io.github.executormetrics.monitor.WorkerThreads;

/**
 * The user's thread factory, whose threads become known as workers.
 *
 * @param factory the user's
 * @param threads where they become known
 */
@SuppressWarnings("NullAway") // a factory may refuse a thread
record MeteredThreadFactory(ThreadFactory factory, WorkerThreads threads) implements ThreadFactory {

	@Override
	public Thread newThread(Runnable work) {
		return this.factory.newThread(this.threads.track(work));
	}

}
