package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.StarvationCause;

/**
 * A cause that stands.
 *
 * @param cause the cause
 * @param since when the first of its bad ticks was
 * @param evidence the measured values, the limit and the number of samples
 * @param detail what the numbers cannot say, or null
 */
public record RaisedCause(StarvationCause cause, Instant since, Map<String, Number> evidence, @Nullable String detail) {

}
