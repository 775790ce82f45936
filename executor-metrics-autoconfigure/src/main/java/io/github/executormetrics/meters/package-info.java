// SPDX-License-Identifier: Apache-2.0

/**
 * The meters: one enum with the name, type, unit, tags and description of each, and the
 * binder that registers them. Imports the monitor and task packages and Micrometer. No
 * figure is read back from a meter. Internal: may change in any version.
 */
@NullMarked
package io.github.executormetrics.meters;

import org.jspecify.annotations.NullMarked;
