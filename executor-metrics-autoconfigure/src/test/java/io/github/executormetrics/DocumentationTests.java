// SPDX-License-Identifier: Apache-2.0

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
 * Tests that the tables of the documentation match the code, and that its overviews stay
 * short and complete.
 */
class DocumentationTests {

	private static final String VERDICT = "| `";

	private static List<String> rows(String page, String start) {
		return Documentation.read(page).lines().filter((line) -> line.startsWith(start)).toList();
	}

	@Test
	void metersAreThoseOfTheEnum() {
		List<String> meters = Arrays.stream(ExecutorMeter.values())
			.map((meter) -> "| `%s` | %s | %s | %s |".formatted(meter.meterName(),
					meter.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
					meter.tags().stream().map((tag) -> "`" + tag + "`").collect(Collectors.joining(", ")),
					meter.description()))
			.toList();
		assertThat(rows("docs/meters.md", "| `executor.")).containsExactlyInAnyOrderElementsOf(meters);
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
		assertThat(rows("docs/properties.md", "| `executor-metrics.").stream()
			.map((row) -> row.substring(0, row.indexOf('|', row.indexOf('|', 2) + 1) + 1)))
			.containsExactlyInAnyOrderElementsOf(properties);
	}

	@Test
	void verdictsAreTheCauses() {
		List<String> verdicts = Stream
			.concat(Stream.of("HEALTHY", "UNKNOWN"), Arrays.stream(StarvationCause.values()).map(Enum::name))
			.toList();
		assertThat(Documentation.firstCells("README.md", VERDICT)).containsExactlyInAnyOrderElementsOf(verdicts);
		String page = Documentation.read("docs/verdicts.md");
		String table = page.substring(page.indexOf("\n## The verdicts"), page.indexOf("\n### When nothing is judged"));
		assertThat(table.lines()
			.filter((line) -> line.startsWith(VERDICT))
			.map((line) -> line.substring(VERDICT.length(), line.indexOf('`', VERDICT.length()))))
			.containsExactlyInAnyOrderElementsOf(verdicts);
	}

	@Test
	void tagValuesAreNamed() {
		String page = Documentation.read("docs/meters.md");
		assertThat(Handling.values()).allSatisfy((handling) -> assertThat(page).contains("`" + handling.tag() + "`"));
	}

	@Test
	void alertsAreThoseOfTheRules() {
		List<String> alerts = Documentation.read("observability/alerts.yml")
			.lines()
			.filter((line) -> line.contains("- alert: "))
			.map((line) -> line.substring(line.indexOf(':') + 1).strip())
			.toList();
		assertThat(alerts).isNotEmpty();
		assertThat(Documentation.firstCells("docs/alerts.md", "| Executor")).isEqualTo(alerts);
	}

	@Test
	void overviewsAreShort() {
		assertThat(words("README.md")).isLessThanOrEqualTo(900);
		assertThat(words("ARCHITECTURE.md")).isLessThanOrEqualTo(1_200);
	}

	private static int words(String page) {
		return Documentation.read(page).strip().split("\\s+").length;
	}

	@Test
	void eachSubjectIsLinked() {
		String readme = Documentation.read("README.md");
		String index = Documentation.read("docs/README.md");
		assertThat(Documentation.subjects()).isNotEmpty().allSatisfy((subject) -> {
			assertThat(readme).contains("](docs/" + subject.getFileName() + ")");
			assertThat(index).contains("](" + subject.getFileName() + ")");
		});
	}

}
