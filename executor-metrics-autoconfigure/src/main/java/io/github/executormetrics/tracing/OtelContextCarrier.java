// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskTracing;

/**
 * Carries the context of OpenTelemetry itself, which never changes. That of Micrometer's
 * bridge belongs to the span and is written by each thread that the span is current on,
 * so that tasks submitted in one span with different baggage would see that of another.
 */
@SuppressWarnings("MustBeClosedChecker") // at the end of the task, by Scopes
final class OtelContextCarrier implements ContextCarrier {

	private final ObservationRegistry observations;

	private final Tracer tracer;

	OtelContextCarrier(ObservationRegistry observations, Tracer tracer) {
		this.observations = observations;
		this.tracer = tracer;
	}

	@Override
	public @Nullable Current current() {
		Observation observation = this.observations.getCurrentObservation();
		Context context = Context.current();
		if (context == Context.root()) {
			return (observation != null) ? new OtelCurrent(observation, null, context) : null;
		}
		return new OtelCurrent(observation, this.tracer.currentSpan(), context);
	}

	@Override
	public TaskTracing.@Nullable Scope enter(Current context, boolean clear) {
		OtelCurrent entered = (OtelCurrent) context;
		Scopes scopes = new Scopes();
		try {
			if (clear) {
				scopes.push(Context.root().makeCurrent()::close);
				// which takes the ids and the baggage out of the log's context
				scopes.push(this.tracer.withSpan(null)::close);
				scopes.push(ContextCarrier.leave(this.observations));
			}
			openSpan(entered, scopes);
			Context current = Context.current();
			Observation observation = entered.observation();
			if (observation != null && this.observations.getCurrentObservation() == null) {
				ObservationScope scope = new ObservationScope(observation);
				scopes.push(scope);
				if (Context.current() != current) {
					// what its span knows of by now, which may be another task's
					scope.closeSpan();
				}
			}
		}
		catch (Throwable ex) {
			scopes.closeAfter(ex);
			throw ex;
		}
		return scopes.isEmpty() ? null : scopes;
	}

	private void openSpan(OtelCurrent entered, Scopes scopes) {
		Context there = Context.current();
		if (there == entered.context()) {
			return;
		}
		Baggage users = Baggage.fromContext(there);
		Baggage carried = Baggage.fromContext(entered.context());
		Baggage baggage = users.isEmpty() ? carried : merge(carried, users);
		if (span(there).getSpanContext().equals(entered.spanContext()) && users.equals(baggage)) {
			return;
		}
		scopes
			.push(open(entered.span(), baggage.equals(carried) ? entered.context() : entered.context().with(baggage)));
	}

	private static Baggage merge(Baggage carried, Baggage users) {
		BaggageBuilder merged = carried.toBuilder();
		users.forEach((key, entry) -> merged.put(key, entry.getValue(), entry.getMetadata()));
		return merged.build();
	}

	@SuppressWarnings("MustBeClosedChecker") // closed by who gets it
	private Scopes.Opened open(io.micrometer.tracing.@Nullable Span known, Context context) {
		Span span = (known != null) ? OtelSpan.toOtel(known) : null;
		if (span == null || !span.getSpanContext().equals(span(context).getSpanContext())) {
			// one of OpenTelemetry's own, which the bridge does not know
			return context.makeCurrent()::close;
		}
		// the same span, to which the bridge writes no other thread's context
		return this.tracer.withSpan(OtelSpan.fromOtel(span, context))::close;
	}

	private static Span span(Context context) {
		return Span.fromContext(context);
	}

	/**
	 * What is current.
	 *
	 * @param observation the current observation, or null
	 * @param span the current span, or null
	 * @param context the span and the baggage, and what else OpenTelemetry holds
	 */
	private record OtelCurrent(@Nullable Observation observation, io.micrometer.tracing.@Nullable Span span,
			Context context) implements Current {

		SpanContext spanContext() {
			return OtelContextCarrier.span(this.context).getSpanContext();
		}

		@Override
		public @Nullable String traceId() {
			SpanContext span = spanContext();
			return span.isValid() ? span.getTraceId() : null;
		}

		@Override
		public @Nullable String spanId() {
			SpanContext span = spanContext();
			return span.isValid() ? span.getSpanId() : null;
		}

		@Override
		public boolean isRecording() {
			return OtelContextCarrier.span(this.context).isRecording();
		}

	}

}
