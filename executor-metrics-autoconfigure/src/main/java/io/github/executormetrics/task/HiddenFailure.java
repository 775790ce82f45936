// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * The error of a task that keeps it to itself: its run returns, and the error is found in
 * an object that knows the outcome.
 */
interface HiddenFailure {

	/**
	 * Finds the error of the run that has just returned. Called on the thread that ran
	 * the task. Never throws.
	 * @return the error, or null if there is none that was not reported before
	 */
	@Nullable Throwable failure();

	/**
	 * Combines two that may know the error of the same task.
	 * @param first the one to ask first, or null
	 * @param second the one to ask if the first knows of none, or null
	 * @return what asks both, or null if there is nothing to ask
	 */
	static @Nullable HiddenFailure first(@Nullable HiddenFailure first, @Nullable HiddenFailure second) {
		if (first == null || second == null) {
			return (first != null) ? first : second;
		}
		return () -> {
			Throwable failure = first.failure();
			return (failure != null) ? failure : second.failure();
		};
	}

}
