// SPDX-License-Identifier: Apache-2.0

/**
 * The known executors: for each one its name, coverage, recorder, and a view of its
 * workers and queue. Imports the task package and the root. Decorates nothing, registers
 * no meter and judges nothing. Internal: may change in any version.
 */
@NullMarked
package io.github.executormetrics.monitor;

import org.jspecify.annotations.NullMarked;
