package io.github.executormetrics.watch;

import io.github.executormetrics.task.SafeLog;

/**
 * Tells of the first failure of the watch, which goes on whatever fails.
 */
final class WatchFaults {

	private static final SafeLog logger = new SafeLog(ExecutorWatch.class);

	private volatile boolean told;

	void tell(String message, Throwable ex) {
		if (!this.told) {
			this.told = true;
			logger.warn(message + "; the watch goes on, further failures are not logged", ex);
		}
	}

}
