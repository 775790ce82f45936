// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * Reads threads whose class may be the user's, and whose methods may throw.
 */
public final class Threads {

	private Threads() {
	}

	/**
	 * The id of a thread.
	 * @param thread the thread
	 * @return its id, or a number that stays the same where it does not give one
	 */
	@SuppressWarnings("deprecation") // threadId() is there from 19 on
	public static long id(Thread thread) {
		try {
			return thread.getId();
		}
		catch (Throwable ex) {
			// its tasks run all the same
			return System.identityHashCode(thread);
		}
	}

	/**
	 * The state of a thread.
	 * @param thread the thread
	 * @return its state, or null where it does not give one
	 */
	public static Thread.@Nullable State state(Thread thread) {
		try {
			return thread.getState();
		}
		catch (Throwable ex) {
			return null;
		}
	}

}
