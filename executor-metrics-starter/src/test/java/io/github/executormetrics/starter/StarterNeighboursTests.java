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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the starter beside a registry or a tracer of the application's own.
 */
class StarterNeighboursTests {

	private static final Predicate<String> PROMETHEUS = jar("micrometer-registry-prometheus|prometheus-metrics-.+");

	private static final Predicate<String> BRAVE = jar(".*brave.*");

	/** What the starter adds to an application that has Boot's actuator. */
	private static final Predicate<String> STARTER = jar(
			"executor-metrics-.*|.*opentelemetry.*|micrometer-registry-otlp"
					+ "|micrometer-tracing-bridge-otel|protobuf-java.*|okhttp.*|okio.*|kotlin-.*")
		.or((entry) -> entry.contains("executor-metrics-autoconfigure"));

	private static final Predicate<String> VIRTUAL = jar("micrometer-java21");

	private static final Predicate<String> TRACING = jar("micrometer-tracing-.*|spring-boot-micrometer-tracing-.*");

	@Test
	void whenApplicationHasOnlyPrometheusThenItStartsAsBefore() throws Exception {
		Run before = run(VIRTUAL.or(BRAVE).or(STARTER).or(TRACING));
		Run after = run(VIRTUAL.or(BRAVE));
		assertThat(before.fact("tracers")).isEqualTo("[]");
		assertThat(after.fact("tracers")).isEqualTo("[OtelTracer]");
		assertStartsAsBefore(before, after);
		assertThat(after.fact("prometheus registries")).isEqualTo("[PrometheusMeterRegistry]");
	}

	@Test
	void whenApplicationHasBraveThenBraveStaysTheOneTracer() throws Exception {
		Run before = run(VIRTUAL.or(PROMETHEUS).or(STARTER));
		Run after = run(VIRTUAL.or(PROMETHEUS));
		assertThat(after.fact("tracers")).isEqualTo(before.fact("tracers")).isEqualTo("[BraveTracer]");
		assertThat(after.fact("propagators")).isEqualTo(before.fact("propagators")).isEqualTo("[BravePropagator]");
		assertStartsAsBefore(before, after);
	}

	// its recording and ours told of the same pinned threads under one name
	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenMicrometerMetersVirtualThreadsThenItsMetersStayItsOwn() throws Exception {
		Run before = run(BRAVE.or(STARTER).or(TRACING));
		Run after = run(BRAVE);
		assertThat(before.fact("virtual thread meters")).contains("jvm.threads.virtual.pinned");
		assertThat(after.fact("virtual thread meters")).isEqualTo(before.fact("virtual thread meters"));
		assertThat(after.fact("metered workers")).contains("virtualThreads");
		assertStartsAsBefore(before, after);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenMicrometerDoesNotThenNothingGoesByItsNames() throws Exception {
		Run alone = run(VIRTUAL.or(BRAVE));
		assertThat(alone.fact("virtual thread meters")).isEqualTo("[]");
		assertThat(alone.fact("metered workers")).contains("virtualThreads");
	}

	private static void assertStartsAsBefore(Run before, Run after) {
		assertThat(before.fact("our meters")).isEqualTo("[]");
		assertThat(after.fact("our meters")).contains("executor.task.submitted");
		for (String fact : List.of("prometheus registries", "executors", "jvm meters", "boot's executor meters")) {
			assertThat(after.fact(fact)).as(fact).isEqualTo(before.fact(fact));
		}
		assertThat(after.output()).doesNotContain(" WARN ", " ERROR ", "\tat ", "SLF4J");
		// nobody listens at the default address, and the last push has tried it
		assertThat(after.output().lines().filter((line) -> line.contains("No OTLP endpoint is configured"))).hasSize(1);
	}

	private static Run run(Predicate<String> absent) throws IOException, InterruptedException {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter(absent.negate())
			.collect(Collectors.joining(File.pathSeparator));
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", classPath, NeighbourApplication.class.getName(),
				"--spring.main.web-application-type=none")
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(process.exitValue()).as(output).isZero();
		return new Run(output);
	}

	private static Predicate<String> jar(String name) {
		Pattern pattern = Pattern.compile("(" + name + ")-\\d.*\\.jar");
		return (entry) -> pattern.matcher(Path.of(entry).getFileName().toString()).matches();
	}

	private record Run(String output) {

		String fact(String name) {
			Map<String, String> facts = new TreeMap<>();
			this.output.lines()
				.filter((line) -> line.startsWith("FACT "))
				.map((line) -> line.substring(5).split(": ", 2))
				.forEach((fact) -> facts.put(fact[0], fact[1]));
			assertThat(facts).containsKey(name);
			return facts.get(name);
		}

	}

}
