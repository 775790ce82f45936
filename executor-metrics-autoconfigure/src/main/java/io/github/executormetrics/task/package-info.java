// SPDX-License-Identifier: Apache-2.0

/**
 * The hot path: one object for each task, its one state, and the recorder that counts and
 * times it. Imports only the JDK and the root package. Internal: may change in any
 * version.
 */
@NullMarked
package io.github.executormetrics.task;

import org.jspecify.annotations.NullMarked;
