// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * What a run has measured of one subject in one benchmark, with the iterations of each
 * round.
 *
 * @param benchmark class and method, with the number of threads where it varies
 * @param subject the subject
 * @param score the mean of all iterations, in nanoseconds a task
 * @param error its error at 99.9 %, by JMH
 * @param nanos times of a task
 * @param bytes what a task allocated
 */
record Measured(String benchmark, Subject subject, double score, double error, double[][] nanos, double[][] bytes) {

	@SuppressWarnings("unchecked")
	static Measured of(Map<String, Object> result) {
		String[] path = String.valueOf(result.get("benchmark")).split("\\.");
		String type = path[path.length - 2].replace("Benchmark", "");
		Map<String, Object> params = (Map<String, Object>) get(result, "params");
		Map<String, Object> time = (Map<String, Object>) get(result, "primaryMetric");
		Map<String, Object> others = (Map<String, Object>) get(result, "secondaryMetrics");
		Map<String, Object> memory = (Map<String, Object>) get(others, "gc.alloc.rate.norm");
		int threads = (int) number(get(result, "threads"));
		boolean several = type.equals("Submitters");
		return new Measured(type + "." + path[path.length - 1] + (several ? " x " + threads : ""),
				Subject.valueOf(String.valueOf(params.get("subject"))), number(get(time, "score")) / threads,
				number(get(time, "scoreError")) / threads, rounds(get(time, "rawData"), threads),
				rounds(get(memory, "rawData"), 1));
	}

	private static Object get(Map<String, Object> json, String key) {
		Object value = json.get(key);
		if (value == null) {
			throw new IllegalArgumentException("No " + key + " in " + json.keySet());
		}
		return value;
	}

	private static double[][] rounds(Object data, double divisor) {
		return ((List<?>) data).stream()
			.map((round) -> ((List<?>) round).stream().mapToDouble((item) -> number(item) / divisor).toArray())
			.toArray(double[][]::new);
	}

	private static double number(Object value) {
		return Double.parseDouble(String.valueOf(value));
	}

}
