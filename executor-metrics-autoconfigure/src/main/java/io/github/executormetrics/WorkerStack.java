// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.List;

/**
 * A stack that one or more workers stood in, and the tasks they ran.
 *
 * @param workers how many workers stood there
 * @param threads the names of the first of them
 * @param tasks the names of their tasks, each once
 * @param oldestMillis for how long the oldest of the tasks had run
 * @param state the state of the threads
 * @param frames the stack, innermost first and cut where it is deep
 * @since 0.1.0
 */
public record WorkerStack(int workers, List<String> threads, List<String> tasks, long oldestMillis, Thread.State state,
		List<StackTraceElement> frames) {

}
