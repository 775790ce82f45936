// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.concurrent.Executor;

/**
 * Has all done on the thread that ticks, in order, for tests with a clock of their own.
 */
final class CallersThread extends WatchThreads {

	@Override
	Executor many(String name) {
		return Runnable::run;
	}

	@Override
	Executor one(String name, int waiting) {
		return Runnable::run;
	}

}
