package io.github.executormetrics.workers;

import java.util.List;

import io.github.executormetrics.task.RunningTask;

/**
 * A worker as one look found it.
 *
 * @param task what it runs
 * @param state the state of its thread
 * @param frames its stack, innermost first
 */
record SeenWorker(RunningTask task, Thread.State state, List<StackTraceElement> frames) {

}
