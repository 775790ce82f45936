/**
 * Judges executors: reads each once a tick, holds the figures against the limits, keeps
 * what stands and what stood, and says what to do. The rules are pure functions. Imports
 * the workers, monitor and task packages and the root.
 */
@NullMarked
package io.github.executormetrics.watch;

import org.jspecify.annotations.NullMarked;
