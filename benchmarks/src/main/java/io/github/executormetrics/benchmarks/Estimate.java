// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Locale;

/**
 * A figure with the 95 % interval of the draws from its run.
 *
 * @param value the figure
 * @param low where the interval begins
 * @param high where it ends
 */
record Estimate(double value, double low, double high) {

	boolean isKnown() {
		return !Double.isNaN(this.value);
	}

	String toString(int digits) {
		String number = "%." + digits + "f";
		return String.format(Locale.ROOT, number + " [" + number + ", " + number + "]", this.value, this.low,
				this.high);
	}

}
