// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Locale;
import java.util.stream.IntStream;

import org.openjdk.jmh.util.ListStatistics;

/**
 * A mean with its 95 % confidence interval, by Student's distribution.
 *
 * @param mean the mean
 * @param low the lower end
 * @param high the upper end
 */
record Interval(double mean, double low, double high) {

	private static final double CONFIDENCE = 0.95;

	/**
	 * The mean of some figures.
	 * @param figures the figures
	 * @return the interval
	 */
	static Interval of(double... figures) {
		ListStatistics statistics = new ListStatistics(figures);
		double error = statistics.getMeanErrorAt(CONFIDENCE);
		return new Interval(statistics.getMean(), statistics.getMean() - error, statistics.getMean() + error);
	}

	/**
	 * The geometric mean of the ratios of pairs: twice and half are equally far from 1.
	 * @param figures the figures
	 * @param bases what each is divided by
	 * @return the interval
	 */
	static Interval ofRatios(double[] figures, double[] bases) {
		Interval logs = of(
				IntStream.range(0, figures.length).mapToDouble((i) -> Math.log(figures[i] / bases[i])).toArray());
		return new Interval(Math.exp(logs.mean), Math.exp(logs.low), Math.exp(logs.high));
	}

	/**
	 * Write it as in a table.
	 * @param format how each of the three is written
	 * @return the mean, and the interval in brackets
	 */
	String format(String format) {
		return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", this.mean, this.low,
				this.high);
	}

}
