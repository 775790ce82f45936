package io.github.executormetrics.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * Who meters the executor, and with which histograms.
 */
public enum Subject {

	/**
	 * Nobody.
	 */
	BARE,

	/**
	 * This project as it comes: decorated, meters bound with their twelve buckets, watch
	 * running.
	 */
	EXECUTOR_METRICS,

	/**
	 * The same, with percentile histograms on all timers.
	 */
	EXECUTOR_METRICS_HISTOGRAM,

	/**
	 * Micrometer's {@code ExecutorServiceMetrics.monitor}.
	 */
	MICROMETER,

	/**
	 * The same, with the twelve buckets that this project's timers have.
	 */
	MICROMETER_BUCKETS,

	/**
	 * The same, with percentile histograms on all timers.
	 */
	MICROMETER_HISTOGRAM,

	/**
	 * Dropwizard's {@code InstrumentedExecutorService}, whose timers always sample.
	 */
	DROPWIZARD;

	boolean isHistogram() {
		return this == EXECUTOR_METRICS_HISTOGRAM || this == MICROMETER_HISTOGRAM;
	}

	/**
	 * Micrometer with the same buckets.
	 * @return the one to compare with, or null
	 */
	@Nullable Subject peer() {
		return switch (this) {
			case EXECUTOR_METRICS -> MICROMETER_BUCKETS;
			case EXECUTOR_METRICS_HISTOGRAM -> MICROMETER_HISTOGRAM;
			default -> null;
		};
	}

}
