package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.openjdk.jmh.util.ListStatistics;

/**
 * Writes what a trial has found, as JSON and as a table.
 */
final class TrialResults {

	private TrialResults() {
	}

	/**
	 * Write the results of a trial.
	 * @param directory where to
	 * @param topic what they are of, as it stands in the name of the files
	 * @param fields the fields of the JSON object beside date, JDK, commit and cores
	 * @param table the table
	 */
	static void write(Path directory, String topic, String fields, String table)
			throws IOException, InterruptedException {
		Files.createDirectories(directory);
		String name = LocalDate.now() + "-" + topic + "-jdk" + Runtime.version().feature();
		Path file = directory.resolve(name + ".json");
		Files.writeString(file, String.format(Locale.ROOT,
				"{ \"date\": \"%s\", \"jdk\": \"%s\", \"commit\": \"%s\", \"cores\": %d,%n%s%n}%n", LocalDate.now(),
				Runtime.version(), commit(), Runtime.getRuntime().availableProcessors(), fields));
		Files.writeString(directory.resolve(name + ".md"), table);
		System.out.println(table);
		System.out.println("Written to " + file);
	}

	/**
	 * What is measured.
	 * @return the commit, with a mark where files have changed since
	 */
	static String commit() throws IOException, InterruptedException {
		Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
			.start();
		String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		return (git.waitFor() == 0) ? commit : "unknown";
	}

	static <T> ListStatistics statistics(List<T> rounds, ToDoubleFunction<T> figure) {
		return new ListStatistics(rounds.stream().mapToDouble(figure).toArray());
	}

	static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
		return statistics(rounds, figure).getPercentile(50);
	}

	/**
	 * A field of the JSON object that is a list, a line each.
	 * @param name its name
	 * @param elements what it is a list of
	 * @param json how an element is written
	 * @param <T> the type of the elements
	 * @return the field
	 */
	static <T> String list(String name, List<T> elements, Function<T, String> json) {
		return elements.stream()
			.map((element) -> "  " + json.apply(element))
			.collect(Collectors.joining(",\n", "\"" + name + "\": [\n", "\n]"));
	}

	static double loadAverage(long centiLoad) {
		return centiLoad / 100.0;
	}

}
