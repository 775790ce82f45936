// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.registry.otlp.OtlpMeterRegistry;

/**
 * The registries of a composite for reading, those of OTLP last.
 * <p>
 * Boot's endpoint answers from the first registry that has a meter. A composite keeps its
 * registries in a set by identity, so which one is first differs from start to start, and
 * with it the unit of every timer.
 */
final class OtlpLast extends CompositeMeterRegistry {

	private final CompositeMeterRegistry composite;

	OtlpLast(CompositeMeterRegistry composite) {
		this.composite = composite;
	}

	@Override
	public Set<MeterRegistry> getRegistries() {
		return members(this.composite).sorted(Comparator.comparing(OtlpMeterRegistry.class::isInstance))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/** Registries may be added later, so they are asked for at each reading. */
	private static Stream<MeterRegistry> members(MeterRegistry registry) {
		return (registry instanceof CompositeMeterRegistry composite)
				? composite.getRegistries().stream().flatMap(OtlpLast::members) : Stream.of(registry);
	}

}
