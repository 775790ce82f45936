// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

/**
 * Adds up what is counted between its starts and its stops, and allocates nothing itself.
 */
final class CostTally {

	private static final CostFigure[] FIGURES = CostFigure.values();

	private final long[] starts = new long[FIGURES.length];

	private final long[] sums = new long[FIGURES.length];

	void start() {
		for (int i = 0; i < FIGURES.length; i++) {
			this.starts[i] = FIGURES[i].count();
		}
	}

	void stop() {
		for (int i = 0; i < FIGURES.length; i++) {
			this.sums[i] += FIGURES[i].count() - this.starts[i];
		}
	}

	double each(CostFigure figure, int tasks) {
		return (double) this.sums[figure.ordinal()] / tasks;
	}

}
