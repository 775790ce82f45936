// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Locale;
import java.util.concurrent.Executor;

/**
 * Fails where a task costs many times what it costs with Micrometer's own executor and
 * the same buckets. Both take turns in one JVM and the best round of each counts, so that
 * what else the machine does falls on neither.
 */
public final class RatioCheck {

	private static final int ROUNDS = 200;

	private static final int TASKS = 20_000;

	private static final Runnable TASK = () -> {
	};

	private RatioCheck() {
	}

	public static void main(String[] args) {
		check(Subject.EXECUTOR_METRICS, 1.5);
		check(Subject.EXECUTOR_METRICS_TIMING_16, 0.5);
	}

	private static void check(Subject subject, double limit) {
		try (Metering ours = subject.open(); Metering peers = Subject.MICROMETER_BUCKETS.open()) {
			Executor metered = ours.meter(new InlineExecutorService());
			Executor timed = peers.meter(new InlineExecutorService());
			long best = Long.MAX_VALUE;
			long peersBest = Long.MAX_VALUE;
			for (int round = 0; round < ROUNDS; round++) {
				best = Math.min(best, nanos(metered));
				peersBest = Math.min(peersBest, nanos(timed));
			}
			// who does not measure is cheap
			ours.expect((long) ROUNDS * TASKS);
			peers.expect((long) ROUNDS * TASKS);
			double ratio = (double) best / peersBest;
			String result = String.format(Locale.ROOT,
					"%s: %d ns a task, with Micrometer's own executor %d ns: %.2f times, of at most %.2f", subject,
					best / TASKS, peersBest / TASKS, ratio, limit);
			System.out.println(result);
			if (ratio > limit) {
				throw new IllegalStateException(result);
			}
		}
	}

	private static long nanos(Executor executor) {
		long start = System.nanoTime();
		for (int i = 0; i < TASKS; i++) {
			executor.execute(TASK);
		}
		return System.nanoTime() - start;
	}

}
