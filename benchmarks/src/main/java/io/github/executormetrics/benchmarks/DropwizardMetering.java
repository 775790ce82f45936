// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.ExecutorService;

import com.codahale.metrics.InstrumentedExecutorService;
import com.codahale.metrics.MetricRegistry;

/**
 * Dropwizard's own.
 */
final class DropwizardMetering implements Metering {

	private static final String NAME = "benchmark";

	private final MetricRegistry metrics = new MetricRegistry();

	@Override
	public ExecutorService meter(ExecutorService executor) {
		return new InstrumentedExecutorService(executor, this.metrics, NAME);
	}

	@Override
	public void expect(long tasks) {
		Metering.expect("completed", this.metrics.meter(MetricRegistry.name(NAME, "completed")).getCount(), tasks);
		Metering.expect("idle", this.metrics.timer(MetricRegistry.name(NAME, "idle")).getCount(), tasks);
		Metering.expect("duration", this.metrics.timer(MetricRegistry.name(NAME, "duration")).getCount(), tasks);
	}

}
