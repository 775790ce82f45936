/**
 * Keeps the push of metrics over OTLP quiet where no endpoint was configured. With an
 * endpoint, or a sender of the user's, nothing here takes part.
 */
@NullMarked
package io.github.executormetrics.autoconfigure.otlp;

import org.jspecify.annotations.NullMarked;
