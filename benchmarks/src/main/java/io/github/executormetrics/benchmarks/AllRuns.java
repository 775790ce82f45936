// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * Runs all that this module measures, one after the other.
 */
public final class AllRuns {

	private AllRuns() {
	}

	public static void main(String[] args) throws Exception {
		BenchmarkRun.main(args);
		PropagationRun.main(args);
		WatchCost.main(args);
		CollectionCost.main(args);
		StartPairs.main(args);
		QueuedMemory.main(args);
		// virtual threads
		if (Runtime.version().feature() >= 21) {
			MillionInFlight.main(args);
		}
	}

}
