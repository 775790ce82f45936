// SPDX-License-Identifier: Apache-2.0

/**
 * The public API: verdicts, incidents, events, task names, the observation of tasks, and
 * the metering of executors that are not beans. Imports nothing else of this library.
 */
@NullMarked
package io.github.executormetrics;

import org.jspecify.annotations.NullMarked;
