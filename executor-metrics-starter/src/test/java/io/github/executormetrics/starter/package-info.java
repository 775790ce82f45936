// SPDX-License-Identifier: Apache-2.0

/**
 * The starter in applications that already have parts of what it brings. Each is started
 * in a JVM of its own, without the starter and with it.
 */
@NullMarked
package io.github.executormetrics.starter;

import org.jspecify.annotations.NullMarked;
