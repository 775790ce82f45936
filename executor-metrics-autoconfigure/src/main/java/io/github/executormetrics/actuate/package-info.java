// SPDX-License-Identifier: Apache-2.0

/**
 * The endpoint {@code executors} and the health of the executors. Imports the watch, the
 * monitor and Boot's Actuator. Computes nothing itself. Internal: may change in any
 * version.
 */
@NullMarked
package io.github.executormetrics.actuate;

import org.jspecify.annotations.NullMarked;
