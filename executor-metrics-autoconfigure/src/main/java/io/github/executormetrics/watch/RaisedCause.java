package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.Map;

import io.github.executormetrics.StarvationCause;

/**
 * A cause that stands.
 *
 * @param cause the cause
 * @param since when the first of its bad ticks was
 * @param evidence the measured values, the limit and the number of samples
 */
public record RaisedCause(StarvationCause cause, Instant since, Map<String, Number> evidence) {

}
