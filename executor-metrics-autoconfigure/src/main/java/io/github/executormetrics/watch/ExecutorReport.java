package io.github.executormetrics.watch;

import java.util.List;
import java.util.Set;

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
 */
public record ExecutorReport(WindowSnapshot window, List<RaisedCause> causes, Set<StarvationCause> bad,
		ExecutorLimits limits) {

	/**
	 * The verdict on an executor of which nothing is seen.
	 */
	public static final String UNKNOWN = "UNKNOWN";

	/**
	 * A report of an executor with which nothing is wrong.
	 * @param window means and maxima
	 * @param limits what it is judged by
	 * @return the report
	 */
	static ExecutorReport calm(WindowSnapshot window, ExecutorLimits limits) {
		return new ExecutorReport(window, List.of(), Set.of(), limits);
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
	 * @return the gravest cause, or {@code HEALTHY}
	 */
	public String verdict() {
		return !this.causes.isEmpty() ? this.causes.get(0).cause().name() : "HEALTHY";
	}

}
