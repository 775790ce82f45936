// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Locale;

/**
 * One start of the sample application.
 *
 * @param startedSeconds what Spring Boot says it took
 * @param processSeconds for how long the process had run by then, as Spring Boot says
 * @param wallSeconds from the start of the process until its output said so
 * @param cpuSeconds CPU time of the process by then
 * @param loadAverage the machine's load average of the last minute
 */
record SampleStart(double startedSeconds, double processSeconds, double wallSeconds, double cpuSeconds,
		double loadAverage) {

	String toJson() {
		return String.format(Locale.ROOT,
				"{ \"startedSeconds\": %.3f, \"processSeconds\": %.3f, \"wallSeconds\": %.3f, \"cpuSeconds\": %.2f, \"loadAverage\": %.2f }",
				this.startedSeconds, this.processSeconds, this.wallSeconds, this.cpuSeconds, this.loadAverage);
	}

}
