// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Keeps one cause of one executor from flapping: raised after some bad ticks in a row,
 * cleared after some good ones.
 */
final class Hysteresis {

	private final int raiseAfter;

	private final int clearAfter;

	private int bad;

	private int good;

	private boolean raised;

	private @Nullable Instant since;

	Hysteresis(int raiseAfter, int clearAfter) {
		this.raiseAfter = raiseAfter;
		this.clearAfter = clearAfter;
	}

	/**
	 * Take the judgement of one tick.
	 * @param isBad whether it was bad
	 * @param now when it was
	 */
	void tick(boolean isBad, Instant now) {
		if (isBad) {
			this.since = (this.bad == 0 && !this.raised) ? now : this.since;
			this.bad++;
			this.good = 0;
			this.raised |= this.bad >= this.raiseAfter;
		}
		else {
			this.bad = 0;
			this.good++;
			this.raised &= this.good < this.clearAfter;
		}
	}

	/**
	 * Take a tick that judges nothing: what was counted up to a raise starts again.
	 */
	void skip() {
		this.bad = 0;
	}

	/**
	 * Whether one more good tick would change nothing.
	 * @return whether the cause does not stand and was not bad in the last tick
	 */
	boolean isCalm() {
		return !this.raised && this.bad == 0;
	}

	/**
	 * Since when the cause stands.
	 * @return when the first bad tick was, or null where it does not stand
	 */
	@Nullable Instant raisedSince() {
		return this.raised ? this.since : null;
	}

}
