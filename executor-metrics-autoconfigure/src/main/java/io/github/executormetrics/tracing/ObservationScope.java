// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes an observation the current one. Where a handler of the user's throws, Micrometer
 * leaves the scope and the span on the thread: they are taken off here, so that the next
 * task does not find them.
 */
final class ObservationScope implements Scopes.Opened {

	private final Observation observation;

	private final Observation.@Nullable Scope previous;

	private final CurrentTraceContext.@Nullable Scope previousSpan;

	private final Observation.Scope scope;

	ObservationScope(Observation observation) {
		this.observation = observation;
		this.previous = registry().getCurrentObservationScope();
		// mostly there is none
		this.previousSpan = (this.previous != null) ? spanScope() : null;
		try {
			this.scope = observation.openScope();
		}
		catch (Throwable ex) {
			restore();
			throw ex;
		}
	}

	@Override
	public void close() {
		try {
			this.scope.close();
		}
		catch (Throwable ex) {
			restore();
			throw ex;
		}
	}

	/**
	 * Close the scope of its span, and leave the observation current.
	 */
	void closeSpan() {
		CurrentTraceContext.Scope span = spanScope();
		if (span != null && span != this.previousSpan) {
			span.close();
		}
	}

	private void restore() {
		try {
			closeSpan();
		}
		finally {
			registry().setCurrentObservationScope(this.previous);
		}
	}

	private ObservationRegistry registry() {
		return this.observation.getObservationRegistry();
	}

	private CurrentTraceContext.@Nullable Scope spanScope() {
		TracingContext tracing = this.observation.getContext().get(TracingContext.class);
		return (tracing != null) ? tracing.getScope() : null;
	}

}
