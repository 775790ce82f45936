// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskTracing;

/**
 * What was opened on a thread, to be closed there in reverse, all of it whatever fails.
 */
final class Scopes implements TaskTracing.Scope {

	private @Nullable Opened first;

	private @Nullable Deque<Opened> more;

	void push(Opened opened) {
		if (this.first == null) {
			// mostly it is the only one, or one of two
			this.first = opened;
			return;
		}
		if (this.more == null) {
			this.more = new ArrayDeque<>(2);
		}
		this.more.push(opened);
	}

	boolean isEmpty() {
		return this.first == null;
	}

	@Override
	public void close(@Nullable Throwable failure) {
		try {
			if (this.more != null && !this.more.isEmpty()) {
				closeAll(this.more);
			}
		}
		finally {
			if (this.first != null) {
				this.first.close();
			}
		}
	}

	private static void closeAll(Deque<Opened> opened) {
		try {
			opened.pop().close();
		}
		finally {
			if (!opened.isEmpty()) {
				closeAll(opened);
			}
		}
	}

	/**
	 * Close what was opened before an error.
	 * @param ex the error, which is to be thrown
	 */
	void closeAfter(Throwable ex) {
		try {
			close(null);
		}
		catch (Throwable other) {
			ex.addSuppressed(other);
		}
	}

	/**
	 * What was opened.
	 */
	@FunctionalInterface
	interface Opened {

		void close();

	}

}
