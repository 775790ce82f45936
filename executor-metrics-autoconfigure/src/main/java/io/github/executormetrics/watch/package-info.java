/**
 * Judges executors: reads each once a tick, holds the figures against the limits, and
 * keeps what stands. The rules are pure functions. Imports the monitor and task packages
 * and the root.
 */
@NullMarked
package io.github.executormetrics.watch;

import org.jspecify.annotations.NullMarked;
