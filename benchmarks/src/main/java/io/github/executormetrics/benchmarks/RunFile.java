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
import java.util.Locale;
import java.util.stream.Stream;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * The JSON of one run of JMH: its results, and what one has to know to repeat it.
 */
final class RunFile {

	private final String command;

	private final Path directory;

	private final String commit;

	private final double loadBefore = load();

	RunFile(Class<?> main, String[] args) throws IOException, InterruptedException {
		this.directory = Path.of(args[0]);
		this.command = "./mvnw -Pbenchmark -pl sample-app,benchmarks -am verify -DskipTests -Dbenchmark.main="
				+ main.getSimpleName() + " -Dbenchmark.rounds=" + args[1] + " -Dbenchmark.include='" + args[2] + "'";
		this.commit = TrialResults.commit();
	}

	/**
	 * Write results with what they come from.
	 * @param topic what they are of, as it stands in the file's name
	 * @param results the results
	 * @return the file
	 */
	Path write(String topic, Collection<RunResult> results) throws IOException {
		ByteArrayOutputStream json = new ByteArrayOutputStream();
		ResultFormatFactory.getInstance(ResultFormatType.JSON, new PrintStream(json, true, StandardCharsets.UTF_8))
			.writeOut(results);
		Files.createDirectories(this.directory);
		Path file = this.directory.resolve(LocalDate.now() + topic + "-jdk" + Runtime.version().feature() + ".json");
		Files.writeString(file,
				String.format(Locale.ROOT, """
								{
								"date": "%s",
								"jdk": "%s",
						"vm": "%s",
								"commit": "%s",
								"command": "%s",
								"cpu": "%s",
								"cores": %d,
								"os": "%s %s",
								"loadBefore": %.2f,
								"loadAfter": %.2f,
								"results": %s}
								""", LocalDate.now(), Runtime.version(), System.getProperty("java.vm.name"),
						this.commit, this.command.replace("\\", "\\\\").replace("\"", "\\\""), cpu(),
						Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
						System.getProperty("os.arch"), this.loadBefore, load(), json.toString(StandardCharsets.UTF_8)));
		return file;
	}

	private static double load() {
		return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
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
