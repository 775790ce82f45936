// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.ExecutorService;

import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;

/**
 * Micrometer's own, which is a {@code TimedExecutorService}.
 */
final class MicrometerMetering implements Metering {

	private final TrialMeters meters;

	MicrometerMetering(Subject subject) {
		this.meters = subject.registry().create();
	}

	@Override
	public ExecutorService meter(ExecutorService executor) {
		return ExecutorServiceMetrics.monitor(this.meters.registry(), executor, "benchmark");
	}

	@Override
	public void expect(long tasks) {
		this.meters.expect("executor", tasks);
		this.meters.expect("executor.idle", tasks);
	}

	@Override
	public void close() {
		this.meters.close();
	}

}
