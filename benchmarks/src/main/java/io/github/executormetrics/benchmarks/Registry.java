// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import org.jspecify.annotations.Nullable;

/**
 * Which registry a subject has, and with which histograms on its timers.
 */
enum Registry {

	/**
	 * What the timers come with.
	 */
	PLAIN(1, null),

	/**
	 * No buckets, where the timers come with some.
	 */
	NO_BUCKETS(1, DistributionStatisticConfig.builder().serviceLevelObjectives().build()),

	/**
	 * This project's twelve.
	 */
	BUCKETS(1, twelve()),

	HISTOGRAM(1, DistributionStatisticConfig.builder().percentilesHistogram(true).build()),

	/**
	 * A composite of two, with what the timers come with.
	 */
	COMPOSITE(2, null),

	COMPOSITE_BUCKETS(2, twelve());

	private final int backends;

	private final @Nullable DistributionStatisticConfig histogram;

	Registry(int backends, @Nullable DistributionStatisticConfig histogram) {
		this.backends = backends;
		this.histogram = histogram;
	}

	TrialMeters create() {
		return new TrialMeters(this.backends, this.histogram);
	}

	private static DistributionStatisticConfig twelve() {
		return DistributionStatisticConfig.builder()
			.serviceLevelObjectives(1e6, 5e6, 1e7, 5e7, 1e8, 2.5e8, 5e8, 1e9, 5e9, 1e10, 3e10, 6e10)
			.build();
	}

}
