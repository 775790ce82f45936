// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Meters executors that are no beans. What {@code monitor} returns takes the place of the
 * executor: tasks handed to the executor itself are not seen. It is held weakly, and
 * watched until it has terminated, whoever shut it down.
 *
 * <p>
 * A name belongs to one executor of the application, the beans included. The same
 * executor under the same name gives what was returned before. Where nothing is metered,
 * because {@code executor-metrics.enabled} is {@code false} or the application context
 * has closed, and for an executor that has terminated, {@code monitor} returns the
 * executor itself. Safe for use by many threads.
 *
 * @since 0.1.0
 */
public interface ExecutorMetrics {

	/**
	 * Meter an executor, which has no end: until it is collected, or {@linkplain #forget
	 * forgotten}.
	 * @param executor the executor itself
	 * @param name its name
	 * @return what takes its place
	 * @throws IllegalArgumentException if the name is blank
	 * @throws IllegalStateException if something else has the name, or the executor has
	 * another
	 */
	Executor monitor(Executor executor, String name);

	/**
	 * Meter an executor service. A {@code ThreadPoolExecutor} stays one.
	 * @param executor the executor itself
	 * @param name its name
	 * @return what takes its place
	 * @throws IllegalArgumentException if the name is blank
	 * @throws IllegalStateException if something else has the name, or the executor has
	 * another
	 */
	ExecutorService monitor(ExecutorService executor, String name);

	/**
	 * Meter a scheduler. A {@code ScheduledThreadPoolExecutor} stays one.
	 * @param executor the executor itself
	 * @param name its name
	 * @return what takes its place
	 * @throws IllegalArgumentException if the name is blank
	 * @throws IllegalStateException if something else has the name, or the executor has
	 * another
	 */
	ScheduledExecutorService monitor(ScheduledExecutorService executor, String name);

	/**
	 * Watch an executor no more, and let go of its name. It runs on, and what took its
	 * place may still be used.
	 * @param name the name that it was given here
	 * @return whether there was one
	 */
	boolean forget(String name);

}
