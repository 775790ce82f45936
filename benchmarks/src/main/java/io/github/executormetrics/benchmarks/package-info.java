// SPDX-License-Identifier: Apache-2.0

/**
 * What a task costs on a bare executor, on one that is metered, and on one that others
 * meter. Run by the Maven profile {@code benchmark}, never by the ordinary build.
 */
@NullMarked
package io.github.executormetrics.benchmarks;

import org.jspecify.annotations.NullMarked;
