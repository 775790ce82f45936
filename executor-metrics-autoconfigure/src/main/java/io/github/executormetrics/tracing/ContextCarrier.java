package io.github.executormetrics.tracing;

import java.util.ArrayDeque;
import java.util.Deque;
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
 * Carries the current observation, a span that was made without one, and baggage from one
 * thread to another: what the accessors of Micrometer's context propagation carry,
 * without their maps. What is there already, since a user's decorator or an agent has
 * carried it, is left alone.
 */
final class ContextCarrier {

	private final ObservationRegistry observations;

	private final Tracer tracer;

	ContextCarrier(ObservationRegistry observations, Tracer tracer) {
		this.observations = observations;
		this.tracer = tracer;
	}

	/**
	 * Take the context of the current thread.
	 * @return the context, or null where there is none
	 */
	@Nullable Carried capture() {
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

	/**
	 * Bring a context to the current thread.
	 * @param carried the context
	 * @return what to close on the same thread, or null where all was there
	 */
	TaskTracing.@Nullable Scope enter(Carried carried) {
		Scopes scopes = new Scopes();
		try {
			Observation observation = carried.observation();
			if (observation != null && observation != this.observations.getCurrentObservation()) {
				scopes.push(observation.openScope()::close);
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
			scopes.close(null);
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
	record Carried(@Nullable Observation observation, @Nullable Span span, Map<String, String> baggage) {

	}

	/**
	 * What was opened, to be closed in reverse.
	 */
	private static final class Scopes implements TaskTracing.Scope {

		private @Nullable Runnable first;

		private @Nullable Deque<Runnable> more;

		void push(Runnable close) {
			if (this.first == null) {
				// mostly it is the only one
				this.first = close;
				return;
			}
			if (this.more == null) {
				this.more = new ArrayDeque<>();
			}
			this.more.push(close);
		}

		boolean isEmpty() {
			return this.first == null;
		}

		@Override
		public void close(@Nullable Throwable failure) {
			try {
				if (this.more != null) {
					this.more.forEach(Runnable::run);
				}
			}
			finally {
				if (this.first != null) {
					this.first.run();
				}
			}
		}

	}

}
