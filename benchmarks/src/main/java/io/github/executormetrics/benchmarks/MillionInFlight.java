package io.github.executormetrics.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.openjdk.jmh.util.ListStatistics;

/**
 * Measures a million virtual threads in flight, decorated and not, in turns in one JVM.
 * Needs JDK 21 or later and 8 GB.
 */
public final class MillionInFlight {

	private static final int TASKS = 1_000_000;

	private static final int ROUNDS_AT_LEAST = 5;

	private static final String HEAP = "-Xmx6g";

	private MillionInFlight() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int rounds = Math.max(ROUNDS_AT_LEAST, Integer.parseInt(args[1]));
		List<String> left = new ArrayList<>();
		Map<MillionSubject, List<MillionRound>> results = run(rounds, left);
		write(Path.of(args[0]), results, left);
	}

	private static Map<MillionSubject, List<MillionRound>> run(int rounds, List<String> left)
			throws IOException, InterruptedException {
		Process trial = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP,
				"-Xms6g", "-classpath", System.getProperty("java.class.path"), MillionTrial.class.getName(),
				String.valueOf(TASKS), String.valueOf(rounds))
			.redirectErrorStream(true)
			.start();
		Map<MillionSubject, List<MillionRound>> results = new EnumMap<>(MillionSubject.class);
		try (BufferedReader lines = trial.inputReader()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				System.out.println(line);
				if (line.startsWith(MillionTrial.MARK)) {
					String[] figures = line.substring(MillionTrial.MARK.length()).split(" ");
					results.computeIfAbsent(MillionSubject.valueOf(figures[0]), (subject) -> new ArrayList<>())
						.add(MillionRound.parse(Arrays.copyOfRange(figures, 1, figures.length)));
				}
				else if (line.startsWith("left: ")) {
					left.add(line.substring("left: ".length()));
				}
			}
		}
		if (trial.waitFor() != 0 || results.size() != MillionSubject.values().length) {
			throw new IllegalStateException("The trial failed");
		}
		return results;
	}

	private static String row(MillionSubject subject, Map<MillionSubject, List<MillionRound>> results) {
		List<MillionRound> rounds = results.getOrDefault(subject, List.of());
		List<MillionRound> bare = results.getOrDefault(subject.bare(), List.of());
		ListStatistics throughput = statistics(rounds, MillionRound::tasksPerSecond);
		StringBuilder row = new StringBuilder(
				String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %,.0f | %,.2f | %,.2f | %.0f |", subject,
						throughput.getPercentile(50), throughput.getMin(), throughput.getMax(),
						statistics(rounds, (round) -> round.startNanos() / 1e9).getPercentile(50),
						statistics(rounds, (round) -> round.endNanos() / 1e9).getPercentile(50),
						statistics(rounds, MillionRound::bytesPerTask).getPercentile(50)));
		if (subject.isMetered()) {
			ListStatistics ratio = ratios(rounds, bare);
			row.append(String.format(Locale.ROOT, " %.2f | %.2f | %.2f | %.0f |", ratio.getPercentile(50),
					ratio.getMin(), ratio.getMax(), statistics(rounds, MillionRound::bytesPerTask).getPercentile(50)
							- statistics(bare, MillionRound::bytesPerTask).getPercentile(50)));
		}
		else {
			row.append(" | | | |");
		}
		double cpu = statistics(rounds, MillionRound::cpuMicrosPerTask).getPercentile(50);
		row.append(subject.isMetered()
				? String.format(Locale.ROOT, " %.2f | %.2f |", cpu,
						cpu / statistics(bare, MillionRound::cpuMicrosPerTask).getPercentile(50))
				: String.format(Locale.ROOT, " %.2f | |", cpu));
		return row
			.append(String.format(Locale.ROOT, " %.1f |%n",
					statistics(rounds, (round) -> round.centiLoad() / 100.0).getMean()))
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

	private static ListStatistics statistics(List<MillionRound> rounds, ToDoubleFunction<MillionRound> figure) {
		return new ListStatistics(rounds.stream().mapToDouble(figure).toArray());
	}

	private static void write(Path directory, Map<MillionSubject, List<MillionRound>> results, List<String> left)
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
		String instances = left.stream().map(MillionInFlight::instances).collect(Collectors.joining(",\n"));
		Files.createDirectories(directory);
		String name = LocalDate.now() + "-million-jdk" + Runtime.version().feature();
		Path file = directory.resolve(name + ".json");
		Files.writeString(file, String.format(Locale.ROOT,
				"{ \"date\": \"%s\", \"jdk\": \"%s\", \"cores\": %d, \"heap\": \"%s\", \"tasks\": %d, \"subjects\": [%n%s%n],%n\"instances\": [%n%s%n] }%n",
				LocalDate.now(), Runtime.version(), Runtime.getRuntime().availableProcessors(), HEAP, TASKS, rounds,
				instances));
		Files.writeString(directory.resolve(name + ".md"), table);
		System.out.println(table);
		System.out.println("Written to " + file);
	}

	private static String instances(String left) {
		String[] figures = left.split(" ");
		return String.format(Locale.ROOT, "  { \"class\": \"%s\", \"before\": %s, \"after\": %s }", figures[0],
				figures[1], figures[2]);
	}

}
