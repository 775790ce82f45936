// SPDX-License-Identifier: Apache-2.0

/**
 * The auto-configuration of a Spring Boot application: beans, conditions, properties and
 * life cycle. May import every package; no package imports it. Internal: may change in
 * any version.
 */
@NullMarked
package io.github.executormetrics.autoconfigure;

import org.jspecify.annotations.NullMarked;
