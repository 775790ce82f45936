/**
 * What is shown: the {@code executors} endpoint and the health of the executors. Imports
 * the watch, the monitor and Boot's actuator; computes nothing itself.
 */
@NullMarked
package io.github.executormetrics.actuate;

import org.jspecify.annotations.NullMarked;
