// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * Where tasks wait, and how they came there.
 */
enum QueuedSubject {

	POOL_EXECUTE, POOL_SUBMIT, TASK_EXECUTOR_EXECUTE, TASK_EXECUTOR_SUBMIT;

	/**
	 * Whether it is Spring's executor.
	 * @return whether it is no plain pool
	 */
	boolean isTaskExecutor() {
		return this == TASK_EXECUTOR_EXECUTE || this == TASK_EXECUTOR_SUBMIT;
	}

	boolean isSubmit() {
		return this == POOL_SUBMIT || this == TASK_EXECUTOR_SUBMIT;
	}

}
