package io.github.executormetrics.benchmarks;

import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The results as a Markdown table, each beside what it is compared with in the same run.
 * Differences and ratios are those of the medians: what else the machine does makes
 * single iterations slower, never faster.
 */
final class ResultTable {

	private final Map<String, Map<Subject, Result<?>>> groups = new LinkedHashMap<>();

	ResultTable(Collection<RunResult> results) {
		for (RunResult result : results) {
			String[] path = result.getParams().getBenchmark().split("\\.");
			String group = path[path.length - 2].replace("Benchmark", "") + "." + path[path.length - 1] + " | "
					+ result.getParams().getParam("work");
			this.groups.computeIfAbsent(group, (name) -> new EnumMap<>(Subject.class))
				.put(Subject.valueOf(result.getParams().getParam("subject")), result.getPrimaryResult());
		}
	}

	@Override
	public String toString() {
		StringBuilder table = new StringBuilder();
		table.append(
				"| benchmark | work | subject | ns a task | best | over bare | x bare | x Micrometer | x Micrometer, same buckets |\n");
		table.append("|---|---|---|---:|---:|---:|---:|---:|---:|\n");
		this.groups.forEach((group, subjects) -> subjects.forEach((subject, result) -> {
			Result<?> bare = subjects.get(Subject.BARE);
			Result<?> micrometer = (subject != Subject.BARE) ? subjects.get(Subject.MICROMETER) : null;
			Result<?> peer = (subject.peer() != null) ? subjects.get(subject.peer()) : null;
			table.append(String.format(Locale.ROOT, "| %s | %s | %.1f ± %.1f | %.1f | %s | %s | %s | %s |%n", group,
					subject, result.getScore(), result.getScoreError(), best(result), difference(result, bare),
					ratio(result, bare), ratio(result, micrometer), ratio(result, peer)));
		}));
		return table.toString();
	}

	private static double best(Result<?> result) {
		return result.getStatistics().getMin();
	}

	private static String difference(Result<?> result, @Nullable Result<?> other) {
		return (other == null || other == result) ? ""
				: String.format(Locale.ROOT, "%+.1f", best(result) - best(other));
	}

	private static String ratio(Result<?> result, @Nullable Result<?> other) {
		return (other == null || other == result) ? "" : String.format(Locale.ROOT, "%.2f", best(result) / best(other));
	}

}
