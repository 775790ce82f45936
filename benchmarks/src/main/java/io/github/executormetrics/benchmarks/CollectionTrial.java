// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.ThreadMXBean;

/**
 * Collects the meters of ten, a hundred and a thousand executors in turns. Writes a line
 * a collection.
 */
public final class CollectionTrial {

	/**
	 * Of how many executors.
	 */
	static final List<Integer> COUNTS = List.of(10, 100, 1_000);

	private static final int WARM_UP = 20;

	private static final int ROUNDS = 20;

	// longer than what was read of the workers is used again: nobody collects so often
	private static final long PAUSE_NANOS = 110_000_000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private double sum;

	private CollectionTrial() {
	}

	public static void main(String[] args) throws InterruptedException {
		List<CollectedExecutors> all = new ArrayList<>();
		for (int count : COUNTS) {
			all.add(new CollectedExecutors(count));
		}
		CollectionTrial trial = new CollectionTrial();
		for (int round = -WARM_UP; round < ROUNDS; round++) {
			for (CollectionSubject subject : CollectionSubject.values()) {
				LockSupport.parkNanos((round >= 0 && subject.isOurs()) ? PAUSE_NANOS : 0);
				for (int i = 0; i < all.size(); i++) {
					// none is always the first
					CollectionRound collected = trial.collect(subject, all.get(Math.floorMod(round + i, all.size())));
					if (round >= 0) {
						System.out.println(TrialJvm.ROUND + collected.toLine());
					}
				}
			}
		}
		System.out.println("sum: " + trial.sum);
		System.exit(0);
	}

	private CollectionRound collect(CollectionSubject subject, CollectedExecutors executors) {
		long allocated = THREADS.getCurrentThreadAllocatedBytes();
		long cpu = THREADS.getCurrentThreadCpuTime();
		long start = System.nanoTime();
		this.sum += executors.collect(subject);
		long wallNanos = System.nanoTime() - start;
		long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpu;
		return new CollectionRound(subject, executors.count(), 0, executors.series(), wallNanos, cpuNanos,
				THREADS.getCurrentThreadAllocatedBytes() - allocated,
				Math.round(100 * ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
	}

}
