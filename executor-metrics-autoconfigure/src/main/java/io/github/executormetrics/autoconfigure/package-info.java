/**
 * Puts it together in a Spring Boot application: properties, conditions, life cycle. May
 * import everything; nothing imports this.
 */
@NullMarked
package io.github.executormetrics.autoconfigure;

import org.jspecify.annotations.NullMarked;
