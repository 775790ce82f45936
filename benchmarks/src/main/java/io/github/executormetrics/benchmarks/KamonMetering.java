// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.ExecutorService;

import com.typesafe.config.ConfigFactory;
import kamon.Kamon;
import kamon.instrumentation.executor.ExecutorInstrumentation;
import kamon.instrumentation.executor.ExecutorMetrics;
import kamon.metric.Distribution;
import kamon.metric.Instrument;
import kamon.metric.Timer;
import kamon.tag.TagSet;

/**
 * Kamon's own, whose only figure of each task is its time in the queue.
 */
final class KamonMetering implements Metering {

	private final Timer waits;

	KamonMetering() {
		// the counts of a whole trial are read at its end: no tick may take them before
		Kamon.initWithoutAttaching(
				ConfigFactory.parseString("kamon { metric.tick-interval = 1 hour, init.hide-banner = yes }")
					.withFallback(ConfigFactory.load()));
		this.waits = ExecutorMetrics.TimeInQueue()
			.withTags(TagSet.builder().add("name", "benchmark").add("type", "ThreadPoolExecutor").build());
	}

	@Override
	public ExecutorService meter(ExecutorService executor) {
		return ExecutorInstrumentation.instrument(executor, "benchmark");
	}

	@Override
	public void expect(long tasks) {
		Distribution times = (Distribution) ((Instrument.Snapshotting<?>) this.waits).snapshot(false);
		Metering.expect("time in queue", times.count(), tasks);
	}

	@Override
	public void close() {
		Kamon.stop();
	}

}
