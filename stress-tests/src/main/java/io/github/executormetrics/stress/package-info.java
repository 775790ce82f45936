// SPDX-License-Identifier: Apache-2.0

/**
 * Runs the stress tests, which stand in the packages of what they test. Run by the Maven
 * profile {@code stress}, never by the ordinary build.
 */
@NullMarked
package io.github.executormetrics.stress;

import org.jspecify.annotations.NullMarked;
