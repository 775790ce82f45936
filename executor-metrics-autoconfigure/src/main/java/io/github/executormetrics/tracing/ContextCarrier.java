package io.github.executormetrics.tracing;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskTracing;

/**
 * Carries the current observation, the current span and baggage from one thread to
 * another: what the accessors of Micrometer's context propagation carry, without their
 * maps. What is there already, since a user's decorator or an agent has carried it, is
 * left alone.
 */
interface ContextCarrier {

	/**
	 * Take the context of the current thread.
	 * @return the context, or null where there is none
	 */
	@Nullable Object capture();

	/**
	 * Bring a context to the current thread.
	 * @param context what {@link #capture()} gave
	 * @return what to close on the same thread, or null where all was there
	 */
	TaskTracing.@Nullable Scope enter(Object context);

	/**
	 * Find the carrier for a tracer.
	 * @param observations where observations are made
	 * @param tracer the application's tracer
	 * @return one that knows how the tracer keeps its context, or one for all of them
	 */
	static ContextCarrier of(ObservationRegistry observations, Tracer tracer) {
		for (Class<?> type = tracer.getClass(); type != null; type = type.getSuperclass()) {
			// by its name, since it need not be on the class path
			if (type.getName().equals("io.micrometer.tracing.otel.bridge.OtelTracer")) {
				return new OtelContextCarrier(observations, tracer);
			}
		}
		return new TracerContextCarrier(observations, tracer);
	}

}
