// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * Keeps a registry that throws away from the tasks: they run, and it is told once.
 */
final class GuardedTimers implements TaskTimers {

	private static final SafeLog logger = new SafeLog(GuardedTimers.class);

	private final TaskTimers timers;

	private final String executor;

	private volatile boolean faultLogged;

	/**
	 * Stand before the timers of an executor.
	 * @param timers the timers
	 * @param executor the executor's name, for the log
	 */
	GuardedTimers(TaskTimers timers, String executor) {
		this.timers = timers;
		this.executor = executor;
	}

	@Override
	public void recordWait(long nanos) {
		try {
			this.timers.recordWait(nanos);
		}
		catch (Throwable ex) {
			fault(ex);
		}
	}

	@Override
	public void recordRun(long nanos, boolean failed) {
		try {
			this.timers.recordRun(nanos, failed);
		}
		catch (Throwable ex) {
			fault(ex);
		}
	}

	@Override
	public void recordPolls(long polls) {
		try {
			this.timers.recordPolls(polls);
		}
		catch (Throwable ex) {
			fault(ex);
		}
	}

	private void fault(Throwable ex) {
		if (!this.faultLogged) {
			this.faultLogged = true;
			logger.warn("Timing a task of executor '" + this.executor + "' failed; tasks and counts continue, "
					+ "further failures are not logged", ex);
		}
	}

}
