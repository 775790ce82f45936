/**
 * The meters: one enum with every name, type, unit, tag and description, and the binder
 * that registers them. Imports the monitor and task packages and Micrometer; nothing
 * reads a figure back from a meter.
 */
@NullMarked
package io.github.executormetrics.meters;

import org.jspecify.annotations.NullMarked;
