// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.scheduler.Scheduler;

/**
 * What a scheduler is called: {@code reactor-} and the prefix of its threads, which it
 * tells in its description, such as {@code parallel(8,"orders")}.
 */
final class SchedulerName {

	private static final String PREFIX = "reactor-";

	private static final String ON_EXECUTOR = "fromExecutorService(";

	private SchedulerName() {
	}

	static String of(Scheduler scheduler) {
		String told = told(scheduler);
		int from = told.indexOf('"');
		int to = told.lastIndexOf('"');
		if (from < to) {
			return PREFIX + told.substring(from + 1, to);
		}
		int arguments = told.indexOf('(');
		// one with a thread factory of the user's does not know its prefix
		return PREFIX + ((arguments > 0) ? "unnamed-" + told.substring(0, arguments) : told);
	}

	/**
	 * Whether a scheduler runs on an executor that it was given, and has no workers of
	 * its own.
	 * @param scheduler the scheduler
	 * @return whether its tasks are that executor's
	 */
	static boolean isOnExecutor(Scheduler scheduler) {
		return told(scheduler).startsWith(ON_EXECUTOR);
	}

	private static String told(Scheduler scheduler) {
		String name = Scannable.from(scheduler).scan(Attr.NAME);
		return (name != null) ? name : scheduler.getClass().getSimpleName();
	}

}
