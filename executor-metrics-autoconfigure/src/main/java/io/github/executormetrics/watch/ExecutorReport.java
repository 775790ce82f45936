package io.github.executormetrics.watch;

import java.util.List;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.RaisedCause;

/**
 * What the watch says of an executor since its last look.
 *
 * @param window means and maxima
 * @param causes the causes that stand, the gravest first
 * @param limits what it is judged by
 */
public record ExecutorReport(WindowSnapshot window, List<RaisedCause> causes, ExecutorLimits limits) {

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
	 * The verdict in a word.
	 * @return the gravest cause, or {@code HEALTHY}
	 */
	public String verdict() {
		return !this.causes.isEmpty() ? this.causes.get(0).cause().name() : "HEALTHY";
	}

}
