// SPDX-License-Identifier: Apache-2.0

/**
 * Meters a bean without changing its type: one class for each kind of executor, and
 * {@code ExecutorDecorator}, which chooses among them. Imports the monitor and task
 * packages and Spring, neither meters nor the watch. Internal: may change in any version.
 */
@NullMarked
package io.github.executormetrics.decorate;

import org.jspecify.annotations.NullMarked;
