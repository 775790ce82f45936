// SPDX-License-Identifier: Apache-2.0

/**
 * Judges executors: compares the readings of each tick with the limits, keeps verdicts
 * and incidents, and advises what to change. The rules are pure functions. Imports the
 * workers, monitor and task packages and the root. Internal: may change in any version.
 */
@NullMarked
package io.github.executormetrics.watch;

import org.jspecify.annotations.NullMarked;
