/**
 * The hot path: one object a task, its one state, and the recorder that counts and times
 * it. Imports the JDK and the root package only; everything above reads, nothing reads
 * back up.
 */
@NullMarked
package io.github.executormetrics.task;

import org.jspecify.annotations.NullMarked;
