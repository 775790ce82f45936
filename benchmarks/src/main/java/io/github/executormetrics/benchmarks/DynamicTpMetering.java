// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dromara.dynamictp.core.aware.AwareManager;
import org.dromara.dynamictp.core.executor.DtpExecutor;
import org.dromara.dynamictp.core.monitor.PerformanceProvider.PerformanceSnapshot;
import org.dromara.dynamictp.core.support.ExecutorWrapper;

/**
 * Dynamic-tp's executor in the place of the given one. It is registered for its
 * statistics as its Spring context would, which the alarms alone need.
 */
final class DynamicTpMetering implements Metering {

	private final long start = System.nanoTime();

	@SuppressWarnings("NullAway.Init") // by meter
	private ExecutorWrapper wrapper;

	@Override
	public ExecutorService meter(ExecutorService executor) {
		ThreadPoolExecutor pool = (ThreadPoolExecutor) executor;
		DtpExecutor dynamic = new DtpExecutor(pool.getCorePoolSize(), pool.getMaximumPoolSize(), 0, TimeUnit.SECONDS,
				pool.getQueue());
		dynamic.setThreadPoolName("benchmark");
		this.wrapper = ExecutorWrapper.of(dynamic);
		AwareManager.register(this.wrapper);
		return dynamic;
	}

	@Override
	public void expect(long tasks) {
		PerformanceSnapshot snapshot = this.wrapper.getThreadPoolStatProvider()
			.getPerformanceProvider()
			.getSnapshotAndReset();
		// it tells no count, but a rate over the whole seconds of an interval that is
		// not longer than the one here
		double rate = tasks / ((System.nanoTime() - this.start) / 1e9 + 1);
		if (snapshot.getTps() < rate) {
			throw new IllegalStateException("Statistics have " + snapshot.getTps() + " of " + rate + " tasks a second");
		}
	}

}
