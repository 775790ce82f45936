package io.github.executormetrics.task;

import java.util.Locale;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
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

	private final Log logger;

	private volatile boolean enabled;

	TaskLog(String executor) {
		this.logger = LogFactory.getLog(PREFIX + executor);
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
		write("Task '" + task + "' started" + waited(wait));
	}

	void completed(TaskName task, long wait, long run, @Nullable Throwable failure) {
		// the message of an error may tell anything
		write("Task '" + task + "' completed in " + millis(run) + waited(wait) + ": "
				+ ((failure != null) ? "error " + failure.getClass().getName() : "success"));
	}

	private void write(String line) {
		try {
			this.logger.debug(line);
		}
		catch (Throwable ex) {
			// a filter or an appender of the user's, which is not the task's trouble
		}
	}

	private static String waited(long wait) {
		return (wait >= 0) ? " after a wait of " + millis(wait) : "";
	}

	private static String millis(long nanos) {
		return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
	}

}
