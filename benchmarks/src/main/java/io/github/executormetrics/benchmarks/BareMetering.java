// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.ExecutorService;

import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * No metering.
 */
final class BareMetering implements Metering {

	@Override
	public ExecutorService meter(ExecutorService executor) {
		return executor;
	}

	@Override
	public ThreadPoolTaskExecutor meter(ThreadPoolTaskExecutor bean) {
		bean.initialize();
		return bean;
	}

	@Override
	public void expect(long tasks) {
		// measures none
	}

}
