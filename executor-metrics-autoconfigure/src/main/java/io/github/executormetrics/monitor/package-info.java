/**
 * The executors that are known: one entry each with its name, coverage, recorder and a
 * view of its workers and queue. Imports the task package and the root; nothing here
 * decorates, registers a meter or judges.
 */
@NullMarked
package io.github.executormetrics.monitor;

import org.jspecify.annotations.NullMarked;
