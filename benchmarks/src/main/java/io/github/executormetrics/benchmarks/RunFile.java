// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * The files of one run: what was measured as JSON and as a table, each with what one has
 * to know to repeat it.
 */
final class RunFile {

	private final Path directory;

	private final Map<String, String> about = new LinkedHashMap<>();

	RunFile(Class<?> main, String[] args) throws IOException, InterruptedException {
		this.directory = Path.of(args[0]);
		this.about.put("date", LocalDate.now().toString());
		this.about.put("jdk", Runtime.version().toString());
		this.about.put("vm", System.getProperty("java.vm.name"));
		this.about.put("commit", commit());
		this.about.put("command",
				"./mvnw -Pbenchmark -pl sample-app,benchmarks -am verify -DskipTests -Dbenchmark.main="
						+ main.getSimpleName() + " -Dbenchmark.rounds=" + args[1] + " -Dbenchmark.include='" + args[2]
						+ "'");
		this.about.put("cpu", cpu());
		this.about.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
		this.about.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
		this.about.put("loadBefore", load());
	}

	/**
	 * Write results of JMH.
	 * @param topic what they are of, as it stands in the name of the file
	 * @param results the results
	 * @return the JSON
	 */
	Path write(String topic, Collection<RunResult> results) throws IOException {
		ByteArrayOutputStream json = new ByteArrayOutputStream();
		ResultFormatFactory.getInstance(ResultFormatType.JSON, new PrintStream(json, true, StandardCharsets.UTF_8))
			.writeOut(results);
		return write(topic, "\"results\": " + json.toString(StandardCharsets.UTF_8));
	}

	/**
	 * Write what was measured.
	 * @param topic what it is of, as it stands in the names of the files
	 * @param fields the fields of the JSON object that hold it
	 * @param table the same as a table
	 */
	void write(String topic, String fields, String table) throws IOException {
		writeTable(write(topic, fields), table);
	}

	/**
	 * Write a table beside its JSON.
	 * @param json the JSON
	 * @param table the table
	 */
	void writeTable(Path json, String table) throws IOException {
		Files.writeString(Path.of(json.toString().replace(".json", ".md")),
				heading((key) -> this.about.getOrDefault(key, "unknown")) + table);
		System.out.println(table);
		System.out.println("Written to " + json + " and .md");
	}

	private Path write(String topic, String fields) throws IOException {
		this.about.put("loadAfter", load());
		Files.createDirectories(this.directory);
		Path file = this.directory.resolve(this.about.get("date") + (topic.isEmpty() ? "" : "-" + topic) + "-jdk"
				+ Runtime.version().feature() + ".json");
		String about = this.about.entrySet()
			.stream()
			.map((entry) -> '"' + entry.getKey() + "\": \"" + escape(entry.getValue()) + "\",\n")
			.collect(Collectors.joining());
		Files.writeString(file, "{\n" + about + fields + "\n}\n");
		return file;
	}

	/**
	 * What stands above the tables of a run.
	 * @param about gives what is known of the run
	 * @return two paragraphs
	 */
	static String heading(UnaryOperator<String> about) {
		return String.format(Locale.ROOT,
				"%s, JDK %s (%s), %s cores (%s, %s), load average %s before and %s after, commit %s.%n%n    %s%n%n",
				about.apply("date"), about.apply("jdk"), about.apply("vm"), about.apply("cores"), about.apply("cpu"),
				about.apply("os"), about.apply("loadBefore"), about.apply("loadAfter"), about.apply("commit"),
				about.apply("command"));
	}

	private static String escape(String text) {
		return text.replace("\\", "\\\\").replace("\"", "\\\"");
	}

	private static String load() {
		return String.format(Locale.ROOT, "%.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

	/**
	 * What is measured: the commit, with a mark where files have changed since.
	 */
	private static String commit() throws IOException, InterruptedException {
		Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
			.start();
		String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		return (git.waitFor() == 0) ? commit : "unknown";
	}

	private static String cpu() throws IOException {
		Path info = Path.of("/proc/cpuinfo");
		if (!Files.exists(info)) {
			return System.getProperty("os.arch");
		}
		try (Stream<String> lines = Files.lines(info)) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse(System.getProperty("os.arch"));
		}
	}

}
