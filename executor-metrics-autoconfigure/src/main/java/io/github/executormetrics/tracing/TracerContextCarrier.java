package io.github.executormetrics.tracing;

import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Baggage;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskTracing;

/**
 * Carries what any tracer of Micrometer's tells of.
 */
final class TracerContextCarrier implements ContextCarrier {

	private final ObservationRegistry observations;

	private final Tracer tracer;

	TracerContextCarrier(ObservationRegistry observations, Tracer tracer) {
		this.observations = observations;
		this.tracer = tracer;
	}

	@Override
	public @Nullable Object capture() {
		Observation observation = this.observations.getCurrentObservation();
		Span span = this.tracer.currentSpan();
		if (span == null) {
			return (observation != null) ? new Carried(observation, null, Map.of()) : null;
		}
		boolean observed = observation != null && span.equals(spanOf(observation));
		return new Carried(observation, observed ? null : span, this.tracer.getAllBaggage(span.context()));
	}

	private static @Nullable Span spanOf(Observation observation) {
		TracingContext tracing = observation.getContext().get(TracingContext.class);
		return (tracing != null) ? tracing.getSpan() : null;
	}

	@Override
	public TaskTracing.@Nullable Scope enter(Object context) {
		Carried carried = (Carried) context;
		Scopes scopes = new Scopes();
		try {
			Observation observation = carried.observation();
			if (observation != null && observation != this.observations.getCurrentObservation()) {
				scopes.push(new ObservationScope(observation));
			}
			Span span = carried.span();
			if (span != null && !span.equals(this.tracer.currentSpan())) {
				scopes.push(this.tracer.withSpan(span)::close);
			}
			carried.baggage().forEach((name, value) -> {
				Baggage there = this.tracer.getBaggage(name);
				if (there == null || !value.equals(there.get())) {
					scopes.push(this.tracer.createBaggageInScope(name, value)::close);
				}
			});
		}
		catch (Throwable ex) {
			scopes.closeAfter(ex);
			throw ex;
		}
		return scopes.isEmpty() ? null : scopes;
	}

	/**
	 * What is carried.
	 *
	 * @param observation the current observation, or null
	 * @param span the current span where it is not that of the observation, or null
	 * @param baggage the baggage
	 */
	private record Carried(@Nullable Observation observation, @Nullable Span span, Map<String, String> baggage) {

	}

}
