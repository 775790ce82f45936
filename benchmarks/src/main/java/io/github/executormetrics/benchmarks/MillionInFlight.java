// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.openjdk.jmh.util.ListStatistics;

/**
 * Measures a million virtual threads in flight, decorated and not, in turns in one JVM.
 * Needs JDK 21 or later and 7 GB.
 */
public final class MillionInFlight {

	private static final int TASKS = 1_000_000;

	// what the compiler makes of the frames on a stack, which all are kept, differs from
	// one to the next
	private static final int JVMS = 3;

	private static final int ROUNDS_AT_LEAST = 3;

	private static final String HEAP = "-Xmx6g";

	private MillionInFlight() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		RunFile file = new RunFile(MillionInFlight.class, args);
		int rounds = Math.max(ROUNDS_AT_LEAST, Integer.parseInt(args[1]));
		List<String> lines = new ArrayList<>();
		for (int i = 0; i < JVMS; i++) {
			// who allocates more is not to pay for pages that nobody has touched yet
			lines.addAll(
					TrialJvm.run(List.of(HEAP, "-Xms6g", "-XX:+AlwaysPreTouch"), MillionTrial.class, TASKS, rounds));
		}
		write(file, rounds(lines), TrialJvm.behind("left: ", lines));
	}

	private static Map<MillionSubject, List<MillionRound>> rounds(List<String> lines) {
		Map<MillionSubject, List<MillionRound>> results = new EnumMap<>(MillionSubject.class);
		for (String line : TrialJvm.behind(TrialJvm.ROUND, lines)) {
			String[] figures = line.split(" ");
			results.computeIfAbsent(MillionSubject.valueOf(figures[0]), (subject) -> new ArrayList<>())
				.add(MillionRound.parse(Arrays.copyOfRange(figures, 1, figures.length)));
		}
		if (results.size() != MillionSubject.values().length) {
			throw new IllegalStateException("Rounds are missing");
		}
		return results;
	}

	private static String row(MillionSubject subject, Map<MillionSubject, List<MillionRound>> results) {
		List<MillionRound> rounds = results.getOrDefault(subject, List.of());
		List<MillionRound> bare = results.getOrDefault(subject.bare(), List.of());
		ListStatistics throughput = TrialResults.statistics(rounds, MillionRound::tasksPerSecond);
		StringBuilder row = new StringBuilder(
				String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %,.0f | %,.2f | %,.2f | %.0f |", subject,
						throughput.getPercentile(50), throughput.getMin(), throughput.getMax(),
						TrialResults.statistics(rounds, (round) -> round.startNanos() / 1e9).getPercentile(50),
						TrialResults.statistics(rounds, (round) -> round.endNanos() / 1e9).getPercentile(50),
						TrialResults.statistics(rounds, MillionRound::bytesPerTask).getPercentile(50)));
		if (subject.isMetered()) {
			ListStatistics ratio = ratios(rounds, bare);
			row.append(String.format(Locale.ROOT, " %.2f | %.2f | %.2f | %.0f |", ratio.getPercentile(50),
					ratio.getMin(), ratio.getMax(),
					TrialResults.statistics(rounds, MillionRound::bytesPerTask).getPercentile(50)
							- TrialResults.statistics(bare, MillionRound::bytesPerTask).getPercentile(50)));
		}
		else {
			row.append(" | | | |");
		}
		double cpu = TrialResults.statistics(rounds, MillionRound::cpuMicrosPerTask).getPercentile(50);
		row.append(subject.isMetered()
				? String.format(Locale.ROOT, " %.2f | %.2f |", cpu,
						cpu / TrialResults.statistics(bare, MillionRound::cpuMicrosPerTask).getPercentile(50))
				: String.format(Locale.ROOT, " %.2f | |", cpu));
		return row
			.append(String.format(Locale.ROOT, " %.1f |%n",
					TrialResults.statistics(rounds, (round) -> TrialResults.loadAverage(round.centiLoad())).getMean()))
			.toString();
	}

	/**
	 * Each decorated round over the bare one beside it.
	 */
	private static ListStatistics ratios(List<MillionRound> metered, List<MillionRound> bare) {
		double[] ratios = new double[metered.size()];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = metered.get(i).tasksPerSecond() / bare.get(i).tasksPerSecond();
		}
		return new ListStatistics(ratios);
	}

	private static void write(RunFile file, Map<MillionSubject, List<MillionRound>> results, List<String> left)
			throws IOException {
		StringBuilder table = new StringBuilder();
		table.append(
				"| subject | tasks a second | least | most | s until all are in flight | s until all have ended | heap bytes a task | over bare | least | most | more bytes a task | us of CPU a task | over bare | load average |\n");
		table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
		results.keySet().forEach((subject) -> table.append(row(subject, results)));
		String rounds = results.entrySet()
			.stream()
			.map((entry) -> String.format(Locale.ROOT, "  { \"subject\": \"%s\", \"rounds\": [%n%s ] }", entry.getKey(),
					entry.getValue()
						.stream()
						.map((round) -> "    " + round.toJson())
						.collect(Collectors.joining(",\n"))))
			.collect(Collectors.joining(",\n"));
		file.write(
				"million", String.format(Locale.ROOT, "\"heap\": \"%s\", \"tasks\": %d, \"subjects\": [%n%s%n],%n%s",
						HEAP, TASKS, rounds, TrialResults.list("instances", left, MillionInFlight::instances)),
				table.toString());
	}

	private static String instances(String left) {
		String[] figures = left.split(" ");
		return String.format(Locale.ROOT, "  { \"class\": \"%s\", \"before\": %s, \"after\": %s }", figures[0],
				figures[1], figures[2]);
	}

}
