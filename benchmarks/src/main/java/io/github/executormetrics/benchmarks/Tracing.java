// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.List;

import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.contextpropagation.ObservationAwareBaggageThreadLocalAccessor;
import io.micrometer.tracing.contextpropagation.ObservationAwareSpanThreadLocalAccessor;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.EventPublishingContextWrapper;
import io.micrometer.tracing.otel.bridge.OtelBaggageManager;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.otel.bridge.Slf4JBaggageEventListener;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.sdk.trace.SdkTracerProvider;

/**
 * Tracing as Boot sets it up over OpenTelemetry, with the ids and the baggage in the
 * log's context, and nobody to export to. One a JVM.
 */
final class Tracing implements AutoCloseable {

	static final String BAGGAGE = "tenant";

	private final SdkTracerProvider provider;

	private final Tracer tracer;

	private final ObservationRegistry observations = ObservationRegistry.create();

	Tracing() {
		Slf4JEventListener ids = new Slf4JEventListener();
		Slf4JBaggageEventListener baggage = new Slf4JBaggageEventListener(List.of(BAGGAGE));
		OtelTracer.EventPublisher publisher = (event) -> {
			ids.onEvent(event);
			baggage.onEvent(event);
		};
		ContextStorage.addWrapper(new EventPublishingContextWrapper(publisher));
		this.provider = SdkTracerProvider.builder().build();
		OtelCurrentTraceContext current = new OtelCurrentTraceContext();
		this.tracer = new OtelTracer(this.provider.get("benchmark"), current, publisher,
				new OtelBaggageManager(current, List.of(BAGGAGE), List.of()));
		this.observations.observationConfig().observationHandler(new DefaultTracingObservationHandler(this.tracer));
	}

	/**
	 * Have a {@code ContextSnapshot} hold what this project carries.
	 */
	void register() {
		ContextRegistry registry = ContextRegistry.getInstance();
		registry.registerThreadLocalAccessor(new ObservationThreadLocalAccessor(this.observations));
		registry
			.registerThreadLocalAccessor(new ObservationAwareSpanThreadLocalAccessor(this.observations, this.tracer));
		registry.registerThreadLocalAccessor(
				new ObservationAwareBaggageThreadLocalAccessor(this.observations, this.tracer));
	}

	Tracer tracer() {
		return this.tracer;
	}

	ObservationRegistry observations() {
		return this.observations;
	}

	@Override
	public void close() {
		this.provider.close();
	}

}
