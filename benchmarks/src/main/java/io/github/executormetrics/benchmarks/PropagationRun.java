// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmark of what it costs to carry a context, and writes its results.
 */
public final class PropagationRun {

	private PropagationRun() {
	}

	public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
		RunFile file = new RunFile(PropagationRun.class, args);
		Options options = BenchmarkRun.options()
			.include(PropagationBenchmark.class.getName())
			// far more code to compile than a task alone
			.warmupIterations(6)
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(12)
			.measurementTime(TimeValue.milliseconds(250))
			.build();
		Collection<RunResult> results = BenchmarkRun.measure(Integer.parseInt(args[1]), List.of(List.of(options)));
		file.writeTable(file.write("propagation", results), table(results));
	}

	private static String table(Collection<RunResult> results) {
		Map<Submitter, Map<Propagation, Result<?>>> groups = new EnumMap<>(Submitter.class);
		for (RunResult result : results) {
			groups
				.computeIfAbsent(Submitter.valueOf(result.getParams().getParam("submitter")),
						(submitter) -> new EnumMap<>(Propagation.class))
				.put(Propagation.valueOf(result.getParams().getParam("propagation")), result.getPrimaryResult());
		}
		StringBuilder table = new StringBuilder();
		table.append("| submitter | propagation | ns a task | median | best | to carry it: median | best |\n");
		table.append("|---|---|---:|---:|---:|---:|---:|\n");
		groups.forEach((submitter,
				subjects) -> subjects.forEach((subject, result) -> table
					.append(String.format(Locale.ROOT, "| %s | %s | %.0f ± %.0f | %.0f | %.0f |", submitter, subject,
							result.getScore(), result.getScoreError(), median(result), best(result)))
					.append(carrying(subject, result, subjects))));
		return table.toString();
	}

	/**
	 * What is added to the same executor without propagation.
	 */
	private static String carrying(Propagation subject, Result<?> result, Map<Propagation, Result<?>> subjects) {
		Result<?> without = subjects.get(subject.isMetered() ? Propagation.METERED : Propagation.NONE);
		return (!subject.isCarried() || without == null) ? " | |\n" : String.format(Locale.ROOT, " %+.0f | %+.0f |%n",
				median(result) - median(without), best(result) - best(without));
	}

	private static double median(Result<?> result) {
		return result.getStatistics().getPercentile(50);
	}

	private static double best(Result<?> result) {
		return result.getStatistics().getMin();
	}

}
