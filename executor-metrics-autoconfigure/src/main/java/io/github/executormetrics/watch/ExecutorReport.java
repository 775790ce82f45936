// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;

/**
 * What the watch says of an executor since its last look.
 *
 * @param window means and maxima
 * @param causes the causes that stand, the gravest first
 * @param bad the causes of which the last look was bad; others stand until some good
 * looks have cleared them
 * @param limits what it is judged by
 * @param unanswered that it does not answer, so that all of this is what was found
 * before, or null where it does
 */
public record ExecutorReport(WindowSnapshot window, List<RaisedCause> causes, Set<StarvationCause> bad,
		ExecutorLimits limits, @Nullable Unanswered unanswered) {

	/**
	 * The verdict on an executor of which nothing is seen, or which does not answer.
	 */
	public static final String UNKNOWN = "UNKNOWN";

	/**
	 * A report of an executor with which nothing is wrong.
	 * @param window means and maxima
	 * @param limits what it is judged by
	 * @return the report
	 */
	static ExecutorReport calm(WindowSnapshot window, ExecutorLimits limits) {
		return new ExecutorReport(window, List.of(), Set.of(), limits, null);
	}

	/**
	 * What was found last of an executor that does not answer.
	 * @param unanswered since when, and why
	 * @return the report
	 */
	ExecutorReport with(@Nullable Unanswered unanswered) {
		return new ExecutorReport(this.window, this.causes, this.bad, this.limits, unanswered);
	}

	/**
	 * Whether tasks wait for want of a worker.
	 * @return whether the executor starves
	 */
	public boolean isStarved() {
		for (RaisedCause raised : this.causes) {
			if (raised.cause().isStarvation()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The verdict in a word, on an executor of which something is seen.
	 * @return the gravest cause, {@code HEALTHY}, or {@value #UNKNOWN} where it does not
	 * answer
	 */
	public String verdict() {
		return (this.unanswered != null) ? UNKNOWN : gravest();
	}

	/**
	 * The verdict in a word, as it was when the executor answered last.
	 * @return the gravest cause, or {@code HEALTHY}
	 */
	public String gravest() {
		return !this.causes.isEmpty() ? this.causes.get(0).cause().name() : "HEALTHY";
	}

}
