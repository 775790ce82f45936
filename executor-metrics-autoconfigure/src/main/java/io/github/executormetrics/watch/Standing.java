package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.WorkerStack;

/**
 * How one cause of one executor stands: whether it is raised, and what was seen when it
 * was.
 */
final class Standing {

	private final StarvationRule rule;

	private final Hysteresis hysteresis;

	private @Nullable String detail;

	private List<WorkerStack> stacks = List.of();

	Standing(StarvationRule rule, WatchSettings settings) {
		this.rule = rule;
		this.hysteresis = new Hysteresis(settings.raiseAfter(), settings.clearAfter());
	}

	StarvationRule rule() {
		return this.rule;
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
		boolean stood = isRaised();
		this.hysteresis.tick(isBad, now);
		return !stood && isRaised();
	}

	/**
	 * Take a tick that judges nothing.
	 */
	void skip() {
		this.hysteresis.skip();
	}

	/**
	 * Keep what was seen when the cause was raised.
	 * @param detail what the numbers cannot say, or null
	 * @param stacks the stacks of what is stuck
	 */
	void saw(@Nullable String detail, List<WorkerStack> stacks) {
		this.detail = detail;
		this.stacks = stacks;
	}

	/**
	 * Keep what a later look says better, if it says anything.
	 * @param detail what the numbers cannot say, or null
	 */
	void says(@Nullable String detail) {
		this.detail = (detail != null) ? detail : this.detail;
	}

	@Nullable String detail() {
		return this.detail;
	}

	List<WorkerStack> stacks() {
		return this.stacks;
	}

}
