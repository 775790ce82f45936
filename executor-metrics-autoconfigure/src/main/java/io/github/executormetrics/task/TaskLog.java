// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Writes the start and the end of each task of an executor at DEBUG, to a logger of its
 * own. Whether it does is looked up by the watch and not for each task.
 */
public final class TaskLog {

	/**
	 * The loggers' names without that of the executor.
	 */
	static final String PREFIX = "io.github.executormetrics.executor.";

	private final SafeLog logger;

	private volatile boolean enabled;

	TaskLog(String executor) {
		this.logger = new SafeLog(PREFIX + executor);
		refresh();
	}

	/**
	 * Look up the level once more, which can change at run time.
	 */
	public void refresh() {
		boolean enabled = this.logger.isDebugEnabled();
		if (this.enabled != enabled) {
			this.enabled = enabled;
		}
	}

	boolean isEnabled() {
		return this.enabled;
	}

	void started(TaskName task, long wait) {
		this.logger.debug("Task '" + task + "' started" + waited(wait));
	}

	void completed(TaskName task, long wait, long run, @Nullable Throwable failure) {
		// the message of an error may tell anything
		this.logger.debug("Task '" + task + "' completed in " + millis(run) + waited(wait) + ": "
				+ ((failure != null) ? "error " + failure.getClass().getName() : "success"));
	}

	private static String waited(long wait) {
		return (wait >= 0) ? " after a wait of " + millis(wait) : "";
	}

	private static String millis(long nanos) {
		return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
	}

}
