// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.IncidentListener;

/**
 * Tells the spans of tasks that they met an incident: an event, and three tags by which
 * such spans are found. A task without a current span is left alone.
 */
final class IncidentSpans implements IncidentListener {

	static final String EVENT = "starvation";

	static final String EXECUTOR = "starvation.executor";

	static final String CAUSE = "starvation.cause";

	static final String INCIDENT = "starvation.incident";

	private final Tracer tracer;

	IncidentSpans(Tracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public void raised(StarvationIncident incident, MonitoredExecutor executor) {
		executor.duringIncident(() -> mark(incident));
	}

	@Override
	public void worsened(StarvationIncident incident, MonitoredExecutor executor) {
		raised(incident, executor);
	}

	@Override
	public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
		executor.duringIncident(null);
	}

	private void mark(StarvationIncident incident) {
		Span span = this.tracer.currentSpan();
		if (span != null) {
			span.tag(EXECUTOR, incident.executor())
				.tag(CAUSE, incident.gravest().tag())
				.tag(INCIDENT, incident.number())
				.event(EVENT);
		}
	}

}
