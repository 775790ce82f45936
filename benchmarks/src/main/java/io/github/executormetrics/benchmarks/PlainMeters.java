// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;

/**
 * Registers a meter of the same name, tags, type and buckets as another, behind which
 * stands a constant.
 */
final class PlainMeters {

	private static final Object NOTHING = new Object();

	private PlainMeters() {
	}

	static void register(Meter meter, MeterRegistry registry) {
		Meter.Id id = meter.getId();
		meter.use(
				(gauge) -> Gauge.builder(id.getName(), () -> 1)
					.description(id.getDescription())
					.baseUnit(id.getBaseUnit())
					.tags(id.getTags())
					.register(registry),
				(counter) -> counter(id, registry), (timer) -> timer(id, timer, registry),
				(summary) -> summary(id, summary, registry), (active) -> unknown(id),
				(gauge) -> TimeGauge.builder(id.getName(), () -> 1, TimeUnit.NANOSECONDS)
					.description(id.getDescription())
					.tags(id.getTags())
					.register(registry),
				(counter) -> FunctionCounter.builder(id.getName(), NOTHING, (nothing) -> 1)
					.description(id.getDescription())
					.baseUnit(id.getBaseUnit())
					.tags(id.getTags())
					.register(registry),
				(timer) -> FunctionTimer
					.builder(id.getName(), NOTHING, (nothing) -> 1, (nothing) -> 1, TimeUnit.NANOSECONDS)
					.description(id.getDescription())
					.tags(id.getTags())
					.register(registry),
				(other) -> unknown(id));
	}

	private static void counter(Meter.Id id, MeterRegistry registry) {
		Counter.builder(id.getName())
			.description(id.getDescription())
			.baseUnit(id.getBaseUnit())
			.tags(id.getTags())
			.register(registry);
	}

	private static void timer(Meter.Id id, Timer timer, MeterRegistry registry) {
		Timer.builder(id.getName())
			.description(id.getDescription())
			.tags(id.getTags())
			.serviceLevelObjectives(Arrays.stream(timer.takeSnapshot().histogramCounts())
				.map((bucket) -> Duration.ofNanos((long) bucket.bucket()))
				.toArray(Duration[]::new))
			.register(registry)
			.record(1, TimeUnit.MILLISECONDS);
	}

	private static void summary(Meter.Id id, DistributionSummary summary, MeterRegistry registry) {
		DistributionSummary.builder(id.getName())
			.description(id.getDescription())
			.tags(id.getTags())
			.serviceLevelObjectives(Arrays.stream(summary.takeSnapshot().histogramCounts())
				.mapToDouble(CountAtBucket::bucket)
				.toArray())
			.register(registry)
			.record(1);
	}

	private static void unknown(Meter.Id id) {
		throw new IllegalStateException("No plain meter for " + id);
	}

}
