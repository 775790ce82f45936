// SPDX-License-Identifier: Apache-2.0

/**
 * Keeps the export over OTLP quiet if no endpoint is configured. Does nothing if there is
 * an endpoint, or a sender of the user's. Internal: may change in any version.
 */
@NullMarked
package io.github.executormetrics.autoconfigure.otlp;

import org.jspecify.annotations.NullMarked;
