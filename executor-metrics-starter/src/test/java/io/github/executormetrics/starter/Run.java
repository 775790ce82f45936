// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application printed that ran in a JVM of its own, without some of the jars.
 *
 * @param output all that it printed
 */
record Run(String output) {

	static final Predicate<String> PROMETHEUS = jar("micrometer-registry-prometheus|prometheus-metrics-.+");

	static final Predicate<String> BRAVE = jar(".*brave.*");

	static final Predicate<String> TRACING = jar("(spring-boot-)?micrometer-tracing(-.*)?");

	static final Predicate<String> VIRTUAL = jar("micrometer-java21");

	/** The library itself. */
	static final Predicate<String> LIBRARY = jar("executor-metrics-.*")
		.or((entry) -> entry.contains("executor-metrics-autoconfigure"));

	/** What the starter brings beside it and Boot's actuator. */
	static final Predicate<String> BROUGHT = jar(".*opentelemetry.*|micrometer-registry-otlp"
			+ "|micrometer-tracing-bridge-otel|protobuf-java.*|okhttp.*|okio.*|kotlin-.*");

	/** What the starter adds to an application that has Boot's actuator. */
	static final Predicate<String> STARTER = LIBRARY.or(BROUGHT);

	static Run of(Class<?> application, Predicate<String> absent, String... args)
			throws IOException, InterruptedException {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter(absent.negate())
			.collect(Collectors.joining(File.pathSeparator));
		List<String> command = Stream
			.concat(Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:TieredStopAtLevel=1", "-cp", classPath, application.getName()), Arrays.stream(args))
			.toList();
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(process.exitValue()).as(output).isZero();
		return new Run(output);
	}

	private static Predicate<String> jar(String name) {
		Pattern pattern = Pattern.compile("(" + name + ")-\\d.*\\.jar");
		return (entry) -> pattern.matcher(Path.of(entry).getFileName().toString()).matches();
	}

	/** The rest of each line that begins with the word. */
	List<String> lines(String word) {
		return this.output.lines()
			.filter((line) -> line.startsWith(word + " "))
			.map((line) -> line.substring(word.length() + 1))
			.toList();
	}

	String fact(String name) {
		Map<String, String> facts = new TreeMap<>();
		lines("FACT").stream().map((line) -> line.split(": ", 2)).forEach((fact) -> facts.put(fact[0], fact[1]));
		assertThat(facts).containsKey(name);
		return facts.get(name);
	}

}
