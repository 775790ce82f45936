// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;

import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Meters that are taken away together. Those that were in the registry before are used,
 * and stay there: a parent context has registered them.
 */
final class MeterGroup {

	private final MeterRegistry registry;

	private final List<Meter> meters = new ArrayList<>();

	MeterGroup(MeterRegistry registry) {
		this.registry = registry;
	}

	<T> void counter(ExecutorMeter meter, Tags tags, T object, ToDoubleFunction<T> count) {
		register(FunctionCounter.builder(meter.meterName(), object, count)
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(tags)::register);
	}

	void gauge(ExecutorMeter meter, Tags tags, MonitoredExecutor executor, ToDoubleFunction<MonitoredExecutor> value) {
		register(Gauge.builder(meter.meterName(), executor, value)
			.description(meter.description())
			.tags(tags)
			.strongReference(true)::register);
	}

	<T> void timeGauge(ExecutorMeter meter, Tags tags, T object, ToDoubleFunction<T> nanos) {
		register(TimeGauge.builder(meter.meterName(), object, TimeUnit.NANOSECONDS, nanos)
			.description(meter.description())
			.tags(tags)::register);
	}

	<T> void functionTimer(ExecutorMeter meter, Tags tags, T object, ToLongFunction<T> count,
			ToDoubleFunction<T> totalNanos) {
		register(FunctionTimer.builder(meter.meterName(), object, count, totalNanos, TimeUnit.NANOSECONDS)
			.description(meter.description())
			.tags(tags)::register);
	}

	DistributionSummary summary(ExecutorMeter meter, Tags tags) {
		return register(DistributionSummary.builder(meter.meterName())
			.description(meter.description())
			.tags(tags)
			.serviceLevelObjectives(ExecutorMeterBinder.COUNT_BUCKETS)::register);
	}

	Timer timer(ExecutorMeter meter, Tags tags) {
		return register(Timer.builder(meter.meterName())
			.description(meter.description())
			.tags(tags)
			.serviceLevelObjectives(ExecutorMeterBinder.TIME_BUCKETS)::register);
	}

	<M extends Meter> M register(Function<MeterRegistry, M> registration) {
		return NewMeters.register(this.registry, registration, this.meters::add);
	}

	boolean isEmpty() {
		return this.meters.isEmpty();
	}

	void remove() {
		this.meters.forEach(this::remove);
		this.meters.clear();
	}

	private void remove(Meter meter) {
		try {
			this.registry.remove(meter);
		}
		catch (Throwable ex) {
			// the others are to go nevertheless
			NewMeters.failed(this.registry, ex);
		}
	}

}
