package io.github.executormetrics.watch;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * A look of the watch that does not end.
 *
 * @param nanos for how long it has gone on, in nanoseconds
 * @param executor the name of the executor that is looked at, or null where that is none
 */
public record WatchHalt(long nanos, @Nullable String executor) {

	/**
	 * Says it in words.
	 * @return a sentence
	 */
	public String describe() {
		return "no look has ended for " + StarvationRule.words(TimeUnit.NANOSECONDS.toMillis(this.nanos))
				+ ((this.executor != null) ? ": executor '" + this.executor + "' does not answer" : "")
				+ "; verdicts are those of the look before";
	}

}
