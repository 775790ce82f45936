/**
 * The sample application: what starts it and the executors it declares.
 */
@NullMarked
package io.github.executormetrics.sample;

import org.jspecify.annotations.NullMarked;
