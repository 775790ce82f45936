// SPDX-License-Identifier: Apache-2.0

/**
 * The sample application: what starts it and the executors it declares.
 */
@NullMarked
package io.github.executormetrics.sample;

import org.jspecify.annotations.NullMarked;
