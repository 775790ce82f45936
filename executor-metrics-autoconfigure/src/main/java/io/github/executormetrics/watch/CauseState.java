// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.WorkerStack;

/**
 * How one cause of one executor stands: whether it is raised, and what was seen when it
 * was.
 */
final class CauseState {

	private final StarvationRule rule;

	private final Hysteresis hysteresis;

	private boolean bad;

	private @Nullable String detail;

	private @Nullable String plainDetail;

	private @Nullable Advice advice;

	private List<WorkerStack> stacks = List.of();

	CauseState(StarvationRule rule, WatchSettings settings) {
		this.rule = rule;
		this.hysteresis = new Hysteresis(settings.raiseAfter(), settings.clearAfter());
	}

	StarvationRule rule() {
		return this.rule;
	}

	boolean isStarvation() {
		return this.rule.cause().isStarvation();
	}

	@Nullable Instant raisedSince() {
		return this.hysteresis.raisedSince();
	}

	boolean isRaised() {
		return raisedSince() != null;
	}

	boolean isCalm() {
		return this.hysteresis.isCalm();
	}

	/**
	 * Take the judgement of one tick.
	 * @param isBad whether it was bad
	 * @param now when it was
	 * @return whether the cause was raised by it
	 */
	boolean tick(boolean isBad, Instant now) {
		this.bad = isBad;
		boolean stood = isRaised();
		this.hysteresis.tick(isBad, now);
		boolean raised = !stood && isRaised();
		if (raised) {
			this.advice = null;
		}
		return raised;
	}

	/**
	 * Take a tick that judges nothing.
	 */
	void skip() {
		this.bad = false;
		this.hysteresis.skip();
	}

	/**
	 * Whether the last look was bad, so that its figures are those of the trouble.
	 * @return whether it was judged, and bad
	 */
	boolean isBad() {
		return this.bad;
	}

	/**
	 * Keep what was seen when the cause was raised.
	 * @param detail what the numbers cannot say, or null
	 * @param plainDetail what of that names no method and no thread, or null
	 * @param stacks the stacks of what is stuck
	 */
	void saw(@Nullable String detail, @Nullable String plainDetail, List<WorkerStack> stacks) {
		this.detail = detail;
		this.plainDetail = plainDetail;
		this.stacks = stacks;
	}

	/**
	 * Keep what a later look says better, if it says anything.
	 * @param detail what the numbers cannot say without naming a method or a thread, or
	 * null
	 */
	void says(@Nullable String detail) {
		if (detail != null) {
			this.detail = detail;
			this.plainDetail = detail;
		}
	}

	/**
	 * Keep what is advised, or what was before where too little was measured now.
	 * @param advice what to do, or null
	 * @param measured whether enough was measured to advise nothing
	 */
	void advises(@Nullable Advice advice, boolean measured) {
		this.advice = (advice != null || measured) ? advice : this.advice;
	}

	@Nullable Advice advice() {
		return this.advice;
	}

	@Nullable String detail() {
		return this.detail;
	}

	@Nullable String plainDetail() {
		return this.plainDetail;
	}

	List<WorkerStack> stacks() {
		return this.stacks;
	}

}
