// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.concurrent.Executor;

import io.github.executormetrics.task.SafeLog;

/**
 * Tells of the first failure of the watch, which goes on whatever fails.
 */
final class WatchFaults {

	private static final SafeLog logger = new SafeLog(ExecutorWatch.class);

	private final Executor thread;

	private volatile boolean told;

	/**
	 * Create a teller.
	 * @param thread where to log
	 */
	WatchFaults(Executor thread) {
		this.thread = thread;
	}

	void tell(String message, Throwable ex) {
		if (!this.told) {
			this.told = true;
			this.thread
				.execute(() -> logger.warn(message + "; the watch continues, further failures are not logged", ex));
		}
	}

}
