// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.openjdk.jmh.util.ListStatistics;

/**
 * Measures what the watch costs: the CPU time of its thread over wall time, at its
 * default interval of one second, and what it allocates. Each load has a JVM of its own,
 * in which rounds of sixty looks follow one another.
 */
public final class WatchCost {

	private WatchCost() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		RunFile file = new RunFile(WatchCost.class, args);
		int rounds = Integer.parseInt(args[1]);
		StringBuilder table = new StringBuilder();
		table.append(
				"| load | percent of one core | least | most | us of CPU a look | dearest look | kB allocated a look | stacks taken a minute | collections a minute | load average |\n");
		table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
		List<String> json = new ArrayList<>();
		for (WatchLoad load : WatchLoad.values()) {
			if (load.name().matches(args[2])) {
				List<WatchRound> trial = run(load, rounds);
				table.append(row(load, trial));
				json.add(json(load, trial));
			}
		}
		if (json.isEmpty()) {
			System.out.println("No load matches " + args[2]);
			return;
		}
		file.write("watch", "\"loads\": [\n" + String.join(",\n", json) + "\n]", table.toString());
	}

	private static List<WatchRound> run(WatchLoad load, int rounds) throws IOException, InterruptedException {
		List<WatchRound> results = TrialJvm
			.behind(TrialJvm.ROUND, TrialJvm.run(List.of("-Xmx512m"), WatchTrial.class, load.name(), rounds))
			.stream()
			.map(WatchRound::parse)
			.toList();
		if (results.size() != rounds) {
			throw new IllegalStateException("The trial of " + load + " failed");
		}
		return results;
	}

	private static String row(WatchLoad load, List<WatchRound> rounds) {
		ListStatistics percent = TrialResults.statistics(rounds, WatchRound::percent);
		return String.format(Locale.ROOT,
				"| %s | %.4f ± %.4f | %.4f | %.4f | %.0f | %.0f | %.1f | %.1f | %.1f | %.1f |%n", load,
				percent.getMean(), percent.getMeanErrorAt(0.95), percent.getMin(), percent.getMax(),
				TrialResults.statistics(rounds, WatchRound::microsPerLook).getMean(),
				TrialResults.statistics(rounds, (round) -> round.maxLookCpuNanos() / 1e3).getMax(),
				TrialResults.statistics(rounds, WatchRound::kilobytesPerLook).getMean(),
				TrialResults.statistics(rounds, (round) -> round.stacksTaken() * 60e9 / round.wallNanos()).getMean(),
				TrialResults.statistics(rounds, (round) -> round.collections() * 60e9 / round.wallNanos()).getMean(),
				TrialResults.statistics(rounds, (round) -> TrialResults.loadAverage(round.centiLoad())).getMean());
	}

	private static String json(WatchLoad load, List<WatchRound> rounds) {
		return String.format(Locale.ROOT,
				"  { \"load\": \"%s\", \"executors\": %d, \"workers\": %d, \"rounds\": [%n%s ] }", load,
				load.executors(), load.executors() * WatchLoad.WORKERS,
				rounds.stream().map((round) -> "    " + round.toJson()).collect(Collectors.joining(",\n")));
	}

}
