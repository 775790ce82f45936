/**
 * Traces of tasks: carries the context of who submits a task to the thread that runs it,
 * and puts a span around the run. Imports Micrometer's Observation and Tracing, its
 * bridge to OpenTelemetry for tracers that are that, and the hot path; nothing but the
 * auto-configuration imports it, so that an application without a tracer loads none of
 * it.
 */
@NullMarked
package io.github.executormetrics.tracing;

import org.jspecify.annotations.NullMarked;
