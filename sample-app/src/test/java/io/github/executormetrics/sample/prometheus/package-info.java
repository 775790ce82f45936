// SPDX-License-Identifier: Apache-2.0

/**
 * What a real Prometheus makes of the sample: dashboard, alert rules and every figure.
 * Skipped where Prometheus is not installed, unless CI says it must be.
 */
@NullMarked
package io.github.executormetrics.sample.prometheus;

import org.jspecify.annotations.NullMarked;
