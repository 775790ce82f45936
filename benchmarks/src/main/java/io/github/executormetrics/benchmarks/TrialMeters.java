// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The registry of one trial: Prometheus's, or a composite of several of it.
 */
final class TrialMeters implements AutoCloseable {

	private final List<PrometheusMeterRegistry> backends = new ArrayList<>();

	private final MeterRegistry registry;

	TrialMeters(int backends, @Nullable DistributionStatisticConfig histogram) {
		for (int i = 0; i < backends; i++) {
			PrometheusMeterRegistry backend = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
			if (histogram != null) {
				backend.config().meterFilter(new Histograms(histogram));
			}
			this.backends.add(backend);
		}
		if (backends == 1) {
			this.registry = this.backends.get(0);
		}
		else {
			CompositeMeterRegistry composite = new CompositeMeterRegistry();
			this.backends.forEach(composite::add);
			this.registry = composite;
		}
	}

	MeterRegistry registry() {
		return this.registry;
	}

	String scrape() {
		return this.backends.get(0).scrape();
	}

	/**
	 * Fail unless the timers of a name have timed each task, in each backend.
	 * @param timer the name
	 * @param tasks how many tasks there were
	 */
	void expect(String timer, long tasks) {
		for (PrometheusMeterRegistry backend : this.backends) {
			Metering.expect(timer, backend.find(timer).timers().stream().mapToLong(Timer::count).sum(), tasks);
		}
	}

	@Override
	public void close() {
		this.registry.close();
		this.backends.forEach(MeterRegistry::close);
	}

	private record Histograms(DistributionStatisticConfig histogram) implements MeterFilter {

		@Override
		public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
			return (id.getType() == Meter.Type.TIMER) ? this.histogram.merge(config) : config;
		}

	}

}
