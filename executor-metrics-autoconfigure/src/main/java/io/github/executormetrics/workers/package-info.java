// SPDX-License-Identifier: Apache-2.0

/**
 * The workers of an executor: where they are in the code, what they wait for, and whether
 * they compute. Examined only while something is wrong, since it walks stacks and queues.
 * Imports the monitor and task packages and the root. Judges nothing. Internal: may
 * change in any version.
 */
@NullMarked
package io.github.executormetrics.workers;

import org.jspecify.annotations.NullMarked;
