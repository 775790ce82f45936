// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * Keeps faults of the tracing from the tasks.
 */
final class GuardedTracing implements TaskTracing {

	private static final SafeLog logger = new SafeLog(GuardedTracing.class);

	private final TaskTracing tracing;

	private volatile boolean faultLogged;

	GuardedTracing(TaskTracing tracing) {
		this.tracing = tracing;
	}

	@Override
	public @Nullable Object capture() {
		try {
			return this.tracing.capture();
		}
		catch (Throwable ex) {
			fault(ex);
			return null;
		}
	}

	@Override
	public @Nullable Scope enter(String executor, String task, @Nullable Object context, long waitNanos) {
		try {
			return this.tracing.enter(executor, task, context, waitNanos);
		}
		catch (Throwable ex) {
			fault(ex);
			return null;
		}
	}

	void close(Scope scope, @Nullable Throwable failure) {
		try {
			scope.close(failure);
		}
		catch (Throwable ex) {
			fault(ex);
		}
	}

	private void fault(Throwable ex) {
		if (!this.faultLogged) {
			this.faultLogged = true;
			logger.warn("Tracing a task failed; tasks continue, further failures are not logged", ex);
		}
	}

}
