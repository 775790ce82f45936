// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * What the tasks of one name failed with. Written by workers where a task fails, and at
 * no other time.
 */
final class TaskFailures {

	private final LongAdder stopped = new LongAdder();

	private volatile @Nullable String latest;

	/**
	 * Note an error, before it is counted.
	 * @param failure what a task ended with, on the thread that ran it
	 */
	void add(Throwable failure) {
		if (isStopped(failure)) {
			this.stopped.increment();
			return;
		}
		// the class keeps the string: nothing is made here
		String type = failure.getClass().getName();
		if (!type.equals(this.latest)) {
			this.latest = type;
		}
	}

	/** Somebody wanted the task to end. */
	private static boolean isStopped(Throwable failure) {
		return failure instanceof InterruptedException || failure instanceof CancellationException
				|| Thread.currentThread().isInterrupted();
	}

	long stopped() {
		return this.stopped.sum();
	}

	@Nullable String latest() {
		return this.latest;
	}

}
