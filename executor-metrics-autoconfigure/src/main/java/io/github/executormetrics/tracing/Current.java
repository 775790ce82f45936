// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import java.util.Objects;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * The context that is current on a thread: an observation, a span, baggage, or some of
 * them.
 */
interface Current {

	@Nullable Observation observation();

	/**
	 * The trace of the span.
	 * @return its id, or null if there is no span
	 */
	@Nullable String traceId();

	@Nullable String spanId();

	/**
	 * Whether the span is known to be recording.
	 * @return false once it has ended, and if the tracer does not tell
	 */
	boolean isRecording();

	/**
	 * Whether its span or its observation has not ended. Baggage alone has no end, so it
	 * counts as ended, as does a span that nobody records or observes.
	 * @return whether one of them is known to go on
	 */
	default boolean isRunning() {
		Observation observation = observation();
		return isRecording() || (observation != null && RunningObservations.contains(observation));
	}

	default boolean isBaggageOnly() {
		return spanId() == null && observation() == null;
	}

	/**
	 * Whether the span is the same as that of another context; if neither has a span, the
	 * observation.
	 * @param other the other context
	 * @return whether it is the same
	 */
	default boolean isSameSpan(Current other) {
		String span = spanId();
		return (span != null) ? span.equals(other.spanId()) && isSameTrace(other)
				: other.spanId() == null && observation() == other.observation();
	}

	default boolean isSameTrace(Current other) {
		return Objects.equals(traceId(), other.traceId());
	}

}
