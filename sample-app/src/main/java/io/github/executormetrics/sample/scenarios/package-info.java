// SPDX-License-Identifier: Apache-2.0

/**
 * Trouble on demand for the executors of the order service.
 */
@NullMarked
package io.github.executormetrics.sample.scenarios;

import org.jspecify.annotations.NullMarked;
