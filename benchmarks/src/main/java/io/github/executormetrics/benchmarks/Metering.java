// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.ExecutorService;

import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Meters the executor of one trial, and shows afterwards that it did.
 */
interface Metering extends AutoCloseable {

	/**
	 * Meter an executor.
	 * @param executor it, without threads or tasks yet
	 * @return the metered one
	 */
	default ExecutorService meter(ExecutorService executor) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Meter a bean of Spring's class.
	 * @param bean it, not initialized yet
	 * @return the metered one, initialized
	 */
	default ThreadPoolTaskExecutor meter(ThreadPoolTaskExecutor bean) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Fail unless each task has been measured: a broken subject would be a cheap one.
	 * @param tasks how many have run
	 */
	void expect(long tasks);

	@Override
	default void close() {
	}

	static void expect(String what, long measured, long tasks) {
		if (measured != tasks) {
			throw new IllegalStateException(what + " has " + measured + " of " + tasks + " tasks");
		}
	}

}
