package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.api.baggage.Baggage;
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
	public @Nullable Object capture() {
		Observation observation = this.observations.getCurrentObservation();
		Context context = Context.current();
		if (context == Context.root()) {
			return (observation != null) ? new Carried(observation, null, context) : null;
		}
		return new Carried(observation, this.tracer.currentSpan(), context);
	}

	@Override
	public TaskTracing.@Nullable Scope enter(Object context) {
		Carried carried = (Carried) context;
		Scopes scopes = new Scopes();
		try {
			if (!isThere(carried.context())) {
				scopes.push(open(carried));
			}
			Context current = Context.current();
			Observation observation = carried.observation();
			if (observation != null && observation != this.observations.getCurrentObservation()) {
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

	@SuppressWarnings("MustBeClosedChecker") // closed by who gets it
	private Scopes.Opened open(Carried carried) {
		io.micrometer.tracing.Span known = carried.span();
		Span span = (known != null) ? OtelSpan.toOtel(known) : null;
		if (span == null || !span.getSpanContext().equals(span(carried.context()))) {
			// one of OpenTelemetry's own, which the bridge does not know
			return carried.context().makeCurrent()::close;
		}
		// the same span, to which the bridge writes no other thread's context
		return this.tracer.withSpan(OtelSpan.fromOtel(span, carried.context()))::close;
	}

	private static boolean isThere(Context context) {
		Context current = Context.current();
		return current == context || (span(current).equals(span(context))
				&& Baggage.fromContext(current).equals(Baggage.fromContext(context)));
	}

	private static SpanContext span(Context context) {
		return Span.fromContext(context).getSpanContext();
	}

	/**
	 * What is carried.
	 *
	 * @param observation the current observation, or null
	 * @param span the current span, or null
	 * @param context the span and the baggage, and what else OpenTelemetry holds
	 */
	private record Carried(@Nullable Observation observation, io.micrometer.tracing.@Nullable Span span,
			Context context) {

	}

}
