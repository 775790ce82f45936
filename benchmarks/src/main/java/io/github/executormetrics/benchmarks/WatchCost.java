package io.github.executormetrics.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
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
		Path directory = Path.of(args[0]);
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
		write(directory, String.join(",\n", json), table.toString());
	}

	private static List<WatchRound> run(WatchLoad load, int rounds) throws IOException, InterruptedException {
		Process trial = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-classpath", System.getProperty("java.class.path"), WatchTrial.class.getName(),
				load.name(), String.valueOf(rounds))
			.redirectErrorStream(true)
			.start();
		List<WatchRound> results = new ArrayList<>();
		try (BufferedReader lines = trial.inputReader()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				System.out.println(load + " " + line);
				if (line.startsWith(WatchTrial.MARK)) {
					results.add(WatchRound.parse(line.substring(WatchTrial.MARK.length())));
				}
			}
		}
		if (trial.waitFor() != 0 || results.size() != rounds) {
			throw new IllegalStateException("The trial of " + load + " failed");
		}
		return results;
	}

	private static String row(WatchLoad load, List<WatchRound> rounds) {
		ListStatistics percent = statistics(rounds, WatchRound::percent);
		return String.format(Locale.ROOT,
				"| %s | %.4f ± %.4f | %.4f | %.4f | %.0f | %.0f | %.1f | %.1f | %.1f | %.1f |%n", load,
				percent.getMean(), percent.getMeanErrorAt(0.95), percent.getMin(), percent.getMax(),
				statistics(rounds, WatchRound::microsPerLook).getMean(),
				statistics(rounds, (round) -> round.maxLookCpuNanos() / 1e3).getMax(),
				statistics(rounds, WatchRound::kilobytesPerLook).getMean(),
				statistics(rounds, (round) -> round.stacksTaken() * 60e9 / round.wallNanos()).getMean(),
				statistics(rounds, (round) -> round.collections() * 60e9 / round.wallNanos()).getMean(),
				statistics(rounds, (round) -> round.centiLoad() / 100.0).getMean());
	}

	private static ListStatistics statistics(List<WatchRound> rounds, ToDoubleFunction<WatchRound> figure) {
		return new ListStatistics(rounds.stream().mapToDouble(figure).toArray());
	}

	private static String json(WatchLoad load, List<WatchRound> rounds) {
		return String.format(Locale.ROOT,
				"  { \"load\": \"%s\", \"executors\": %d, \"workers\": %d, \"rounds\": [%n%s ] }", load,
				load.executors(), load.executors() * WatchLoad.WORKERS,
				rounds.stream().map((round) -> "    " + round.toJson()).collect(Collectors.joining(",\n")));
	}

	private static void write(Path directory, String json, String table) throws IOException {
		Files.createDirectories(directory);
		String name = LocalDate.now() + "-watch-jdk" + Runtime.version().feature();
		Path file = directory.resolve(name + ".json");
		Files.writeString(file,
				String.format(Locale.ROOT,
						"{ \"date\": \"%s\", \"jdk\": \"%s\", \"cores\": %d, \"loads\": [%n%s%n] }%n", LocalDate.now(),
						Runtime.version(), Runtime.getRuntime().availableProcessors(), json));
		Files.writeString(directory.resolve(name + ".md"), table);
		System.out.println(table);
		System.out.println("Written to " + file);
	}

}
