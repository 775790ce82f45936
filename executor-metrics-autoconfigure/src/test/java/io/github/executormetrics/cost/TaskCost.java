// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.util.Arrays;

/**
 * What one task costs more than on the bare executor, each figure as {@link CostFigure}
 * says.
 *
 * @param bytes allocated bytes
 * @param ownInstructions instructions of this project
 * @param libraryInstructions instructions of libraries
 * @param micrometerCalls calls into Micrometer
 * @param clockReads reads of a clock
 * @param atomicUpdates atomic updates
 */
record TaskCost(double bytes, double ownInstructions, double libraryInstructions, double micrometerCalls,
		double clockReads, double atomicUpdates) {

	static TaskCost parse(String figures) {
		double[] each = Arrays.stream(figures.split(" ")).mapToDouble(Double::parseDouble).toArray();
		return new TaskCost(each[0], each[1], each[2], each[3], each[4], each[5]);
	}

	TaskCost plus(TaskCost more) {
		return new TaskCost(this.bytes + more.bytes, this.ownInstructions + more.ownInstructions,
				this.libraryInstructions + more.libraryInstructions, this.micrometerCalls + more.micrometerCalls,
				this.clockReads + more.clockReads, this.atomicUpdates + more.atomicUpdates);
	}

}
