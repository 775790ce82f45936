// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Baggage;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
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
	public @Nullable Current current() {
		Observation observation = this.observations.getCurrentObservation();
		Span span = this.tracer.currentSpan();
		if (span == null) {
			return (observation != null) ? new TracerCurrent(observation, null, Map.of()) : null;
		}
		return new TracerCurrent(observation, span, this.tracer.getAllBaggage(span.context()));
	}

	@Override
	public TaskTracing.@Nullable Scope enter(Current context, boolean clear) {
		TracerCurrent entered = (TracerCurrent) context;
		Scopes scopes = new Scopes();
		try {
			if (clear) {
				scopes.push(this.tracer.withSpan(null)::close);
				scopes.push(ContextCarrier.leave(this.observations));
			}
			Map<String, String> users = entered.baggage().isEmpty() ? Map.of() : this.tracer.getAllBaggage();
			Observation observation = entered.observation();
			if (observation != null && this.observations.getCurrentObservation() == null) {
				scopes.push(new ObservationScope(observation));
			}
			Span span = entered.span();
			if (span != null && !span.equals(this.tracer.currentSpan())) {
				scopes.push(this.tracer.withSpan(span)::close);
			}
			entered.baggage().forEach((name, value) -> open(name, users.getOrDefault(name, value), scopes));
		}
		catch (Throwable ex) {
			scopes.closeAfter(ex);
			throw ex;
		}
		return scopes.isEmpty() ? null : scopes;
	}

	private void open(String name, String value, Scopes scopes) {
		Baggage there = this.tracer.getBaggage(name);
		if (there == null || !value.equals(there.get())) {
			scopes.push(this.tracer.createBaggageInScope(name, value)::close);
		}
	}

	/**
	 * What is current.
	 *
	 * @param observation the current observation, or null
	 * @param span the current span, or null
	 * @param baggage the baggage
	 */
	private record TracerCurrent(@Nullable Observation observation, @Nullable Span span,
			Map<String, String> baggage) implements Current {

		@Override
		public @Nullable String traceId() {
			return (this.span != null) ? this.span.context().traceId() : null;
		}

		@Override
		public @Nullable String spanId() {
			return (this.span != null) ? this.span.context().spanId() : null;
		}

		@Override
		public boolean isRecording() {
			// Micrometer does not tell: one of Brave's is no no-op after its end either
			return false;
		}

	}

}
