// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What a figure must not exceed.
 *
 * @param what what it is
 * @param limit the most it may be
 * @param digits how many decimal places it is told with
 * @param figure the figure
 */
record Target(String what, double limit, int digits, ToDoubleFunction<Medians> figure) {

	private static final String INLINE = "Inline.execute";

	private static final String SUBMITTERS = "Submitters.execute x ";

	static List<Target> all() {
		return List.of(
				inline("inline, twelve buckets: ours / TimedExecutorService", 1.0, Subject.EXECUTOR_METRICS,
						Subject.MICROMETER_BUCKETS),
				inline("inline, percentile histograms: ours / TimedExecutorService", 1.0,
						Subject.EXECUTOR_METRICS_HISTOGRAM, Subject.MICROMETER_HISTOGRAM),
				inline("inline, no buckets: ours / TimedExecutorService", 1.0, Subject.EXECUTOR_METRICS_PLAIN,
						Subject.MICROMETER),
				inline("inline, twelve buckets: ours / floor", 1.2, Subject.EXECUTOR_METRICS, Subject.FLOOR_BUCKETS),
				inline("inline, percentile histograms: ours / floor", 1.2, Subject.EXECUTOR_METRICS_HISTOGRAM,
						Subject.FLOOR_HISTOGRAM),
				inline("inline, no buckets: ours / floor", 1.2, Subject.EXECUTOR_METRICS_PLAIN, Subject.FLOOR),
				inline("inline, one task in 16 timed, twelve buckets: ours / TimedExecutorService", 0.35,
						Subject.EXECUTOR_METRICS_TIMING_16, Subject.MICROMETER_BUCKETS),
				inline("inline, composite of two, twelve buckets: ours / TimedExecutorService", 0.9,
						Subject.EXECUTOR_METRICS_COMPOSITE, Subject.MICROMETER_COMPOSITE),
				bean("execute"), bean("submit"), slope(), bytes("execute", 48), bytes("submit", 32));
	}

	private static Target inline(String what, double limit, Subject subject, Subject other) {
		return new Target(what, limit, 2, (medians) -> medians.ratio(INLINE, subject, other));
	}

	private static Target bean(String method) {
		return new Target(method
				+ ", twelve buckets: added by ours to a ThreadPoolTaskExecutor / by TimedExecutorService to a ThreadPoolExecutor",
				1.2, 2, (medians) -> medians.addedNanos("TaskExecutor." + method, Subject.EXECUTOR_METRICS)
						/ medians.addedNanos("OneWorker." + method, Subject.MICROMETER_BUCKETS));
	}

	private static Target bytes(String method, double limit) {
		return new Target(method + ": bytes a task allocated over a bare ThreadPoolExecutor", limit, 1,
				(medians) -> medians.addedBytes("OneWorker." + method, Subject.EXECUTOR_METRICS));
	}

	/**
	 * How the share of a bare pool's throughput changes with the submitters. A
	 * difference, since the change may be none.
	 */
	private static Target slope() {
		return new Target(
				"throughput over that of bare, change each time submitters double from 1 to 8, twelve buckets: TimedExecutorService less ours",
				0, 3,
				(medians) -> slope(medians, Subject.MICROMETER_BUCKETS) - slope(medians, Subject.EXECUTOR_METRICS));
	}

	/**
	 * By the line of least squares, for which one odd row does not decide.
	 */
	private static double slope(Medians medians, Subject subject) {
		int[] submitters = Row.SUBMITTERS.threads();
		double middle = (submitters.length - 1) / 2.0;
		double covariance = 0;
		double variance = 0;
		for (int i = 0; i < submitters.length; i++) {
			covariance += (i - middle) * medians.ratio(SUBMITTERS + submitters[i], Subject.BARE, subject);
			variance += (i - middle) * (i - middle);
		}
		return covariance / variance;
	}

	String most() {
		return String.format(Locale.ROOT, "%." + this.digits + "f", this.limit);
	}

	/**
	 * Tell whether it is met.
	 * @param estimate what was measured
	 * @return met or missed, and whether the interval lies on both sides of the limit
	 */
	String verdict(Estimate estimate) {
		String verdict = (estimate.value() <= this.limit) ? "met" : "**missed**";
		boolean settled = estimate.high() <= this.limit || estimate.low() > this.limit;
		return settled ? verdict : verdict + ", not settled";
	}

}
