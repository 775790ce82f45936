// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * A benchmark class, and with how many submitting threads it runs.
 */
enum Row {

	INLINE(InlineBenchmark.class, 1),

	ONE_WORKER(OneWorkerBenchmark.class, 1),

	TASK_EXECUTOR(TaskExecutorBenchmark.class, 1),

	SUBMITTERS(SubmittersBenchmark.class, 1, 2, 4, 8);

	private final Class<?> benchmark;

	private final int[] threads;

	Row(Class<?> benchmark, int... threads) {
		this.benchmark = benchmark;
		this.threads = threads;
	}

	Class<?> benchmark() {
		return this.benchmark;
	}

	int[] threads() {
		return this.threads.clone();
	}

}
