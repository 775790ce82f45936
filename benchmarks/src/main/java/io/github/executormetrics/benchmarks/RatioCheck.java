package io.github.executormetrics.benchmarks;

import java.util.concurrent.Executor;

/**
 * Fails where a task costs many times what it costs with Micrometer's own executor and
 * the same buckets. Both take turns in one JVM and the best round of each counts, so that
 * what else the machine does falls on neither.
 */
public final class RatioCheck {

	private static final double LIMIT = 2;

	private static final int ROUNDS = 200;

	private static final int TASKS = 20_000;

	private RatioCheck() {
	}

	public static void main(String[] args) {
		try (Metering ours = Subject.EXECUTOR_METRICS.open(); Metering peers = Subject.MICROMETER_BUCKETS.open()) {
			Executor metered = ours.meter(new InlineExecutorService());
			Executor timed = peers.meter(new InlineExecutorService());
			Runnable task = () -> {
			};
			long best = Long.MAX_VALUE;
			long peersBest = Long.MAX_VALUE;
			for (int round = 0; round < ROUNDS; round++) {
				best = Math.min(best, nanos(metered, task));
				peersBest = Math.min(peersBest, nanos(timed, task));
			}
			// who does not measure is cheap
			ours.expect((long) ROUNDS * TASKS);
			peers.expect((long) ROUNDS * TASKS);
			double ratio = (double) best / peersBest;
			String result = "%d ns a task, with Micrometer's own executor %d ns: %.2f times, of at most %.2f"
				.formatted(best / TASKS, peersBest / TASKS, ratio, LIMIT);
			System.out.println(result);
			if (ratio > LIMIT) {
				throw new IllegalStateException(result);
			}
		}
	}

	private static long nanos(Executor executor, Runnable task) {
		long start = System.nanoTime();
		for (int i = 0; i < TASKS; i++) {
			executor.execute(task);
		}
		return System.nanoTime() - start;
	}

}
