// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * Carries a refusal from the rejection handler to the submission further down the same
 * thread's stack, where a user's decorator hides the task from the handler. Costs a
 * submission one read until the first such refusal.
 */
final class RefusalMark {

	private final ThreadLocal<@Nullable Handling> mark = new ThreadLocal<>();

	private volatile boolean known;

	boolean isKnown() {
		return this.known;
	}

	void set(Handling handling) {
		this.mark.set(handling);
		this.known = true;
	}

	@Nullable Handling take() {
		Handling handling = this.mark.get();
		if (handling != null) {
			this.mark.remove();
		}
		return handling;
	}

}
