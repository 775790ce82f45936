// SPDX-License-Identifier: Apache-2.0

/**
 * What leaves the application over OTLP, decoded from real payloads. A receiver on the
 * loopback address stands in for a collector.
 */
@NullMarked
package io.github.executormetrics.sample.otlp;

import org.jspecify.annotations.NullMarked;
