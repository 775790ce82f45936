// SPDX-License-Identifier: Apache-2.0

/**
 * Traces of tasks: carries the context of the submitter to the thread that runs the task,
 * and puts a span around the run. Imports Micrometer's Observation and Tracing, its
 * bridge to OpenTelemetry, the task package and the root. Only the auto-configuration
 * imports it, so that it is not loaded without a tracer. Internal: may change in any
 * version.
 */
@NullMarked
package io.github.executormetrics.tracing;

import org.jspecify.annotations.NullMarked;
