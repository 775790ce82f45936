package io.github.executormetrics;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.executormetrics.meters.ExecutorMeter;
import io.github.executormetrics.task.Handling;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the tables of the README are those of the code.
 */
class ReadmeTests {

	private final List<String> lines = read();

	private static List<String> read() {
		try {
			return Files.readAllLines(Path.of("..", "README.md"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Set<String> rows(String start) {
		return this.lines.stream()
			.filter((line) -> line.startsWith(start))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void metersAreThoseOfTheEnum() {
		Set<String> meters = Arrays.stream(ExecutorMeter.values())
			.map((meter) -> "| `%s` | %s | %s | %s |".formatted(meter.meterName(),
					meter.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
					meter.tags().stream().map((tag) -> "`" + tag + "`").collect(Collectors.joining(", ")),
					meter.description()))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(rows("| `executor.")).isEqualTo(meters);
	}

	@Test
	void propertiesAreThoseOfTheMetadata() throws IOException {
		Set<String> properties = new TreeSet<>();
		try (InputStream metadata = Files
			.newInputStream(Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json"))) {
			for (JsonNode property : JsonMapper.builder().build().readTree(metadata).get("properties")) {
				String name = property.get("name").asString();
				if (name.startsWith("executor-metrics.") && !name.equals("executor-metrics.executors")) {
					String value = property.path("defaultValue").asString("");
					properties.add("| `%s` | %s |".formatted(name, value.isEmpty() ? "" : "`" + value + "`"));
				}
			}
		}
		assertThat(rows("| `executor-metrics.").stream()
			.map((row) -> row.substring(0, row.indexOf('|', row.indexOf('|', 2) + 1) + 1))
			.collect(Collectors.toSet())).isEqualTo(properties);
	}

	@Test
	void verdictsAreTheCauses() {
		Set<String> verdicts = Stream
			.concat(Stream.of("HEALTHY", "UNKNOWN"), Arrays.stream(StarvationCause.values()).map(Enum::name))
			.collect(Collectors.toSet());
		String table = String.join("\n", this.lines);
		String section = table.substring(table.indexOf("\n## Verdicts"), table.indexOf("\n## Coverage"));
		assertThat(section.lines()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.substring(3, line.indexOf('`', 3)))
			.collect(Collectors.toSet())).isEqualTo(verdicts);
	}

	@Test
	void tagValuesAreNamed() {
		String text = String.join("\n", this.lines);
		assertThat(Handling.values()).allSatisfy((handling) -> assertThat(text).contains("`" + handling.tag() + "`"));
	}

}
