// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskTracing;

/**
 * Carries the current observation, the current span and baggage from one thread to
 * another: what the accessors of Micrometer's context propagation carry, without their
 * maps.
 */
interface ContextCarrier {

	/**
	 * Look at the context of the current thread.
	 * @return the context, or null if there is none
	 */
	@Nullable Current current();

	/**
	 * Bring a context to the current thread. An observation and baggage that are there
	 * stay, and only what is missing is opened.
	 * @param context what {@link #current()} gave on another thread
	 * @param clear whether to leave first what is current on this thread
	 * @return what to close on the same thread, or null if all was there
	 */
	TaskTracing.@Nullable Scope enter(Current context, boolean clear);

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

	/**
	 * Leave the current observation.
	 * @param observations where observations are made
	 * @return what to close to come back to it
	 */
	static Scopes.Opened leave(ObservationRegistry observations) {
		Observation.Scope previous = observations.getCurrentObservationScope();
		observations.setCurrentObservationScope(null);
		return () -> observations.setCurrentObservationScope(previous);
	}

}
