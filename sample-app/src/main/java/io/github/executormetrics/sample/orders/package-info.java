// SPDX-License-Identifier: Apache-2.0

/**
 * The order service: what runs on the executors in everyday life. Knows nothing of
 * metrics.
 */
@NullMarked
package io.github.executormetrics.sample.orders;

import org.jspecify.annotations.NullMarked;
