// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * Who carries the context of a submitter to its task on a {@code ThreadPoolTaskExecutor}.
 */
public enum Propagation {

	/**
	 * Nobody, on the bare executor.
	 */
	NONE,

	/**
	 * Spring's {@code ContextPropagatingTaskDecorator}, which Boot sets with
	 * {@code spring.task.execution.propagate-context}; the executor keeps a map from
	 * decorated tasks to their own ones then.
	 */
	DECORATOR,

	/**
	 * A {@code ContextSnapshot} around each task that is handed to the bare executor: the
	 * decorator's work without that map.
	 */
	SNAPSHOT,

	/**
	 * Nobody, with this project's metering.
	 */
	METERED,

	/**
	 * This project, which meters as well.
	 */
	METERED_AND_CARRIED;

	boolean isCarried() {
		return this != NONE && this != METERED;
	}

	boolean isMetered() {
		return this == METERED || this == METERED_AND_CARRIED;
	}

}
