/**
 * What the workers of an executor do: where they stand, what they wait for, whether they
 * compute. Looked at while something is wrong only, since it walks stacks and queues.
 * Imports the monitor and task packages and the root; judges nothing.
 */
@NullMarked
package io.github.executormetrics.workers;

import org.jspecify.annotations.NullMarked;
