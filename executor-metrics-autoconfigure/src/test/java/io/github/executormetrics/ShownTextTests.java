// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.executormetrics.meters.ExecutorMeter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that texts which the library shows use plain words, and that the documentation
 * quotes the descriptions of properties.
 */
class ShownTextTests {

	private static final Pattern ODD = Pattern.compile("\\b(looks?|tells?|told|go(es)? by|who|nobody|would do"
			+ "|as it is|as they are|in place of|refused|suffices?|mend)\\b", Pattern.CASE_INSENSITIVE);

	private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

	private static final Path METADATA = Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");

	@Test
	void metersUsePlainWords() {
		assertThat(ExecutorMeter.values()).extracting(ExecutorMeter::description)
			.filteredOn(ShownTextTests::isOdd)
			.isEmpty();
	}

	@Test
	void propertiesUsePlainWords() throws IOException {
		assertThat(descriptions().values()).hasSizeGreaterThan(30).filteredOn(ShownTextTests::isOdd).isEmpty();
	}

	// log lines, advice, details and the reasons of coverage
	@Test
	void literalsUsePlainWords() throws IOException {
		List<String> literals = new ArrayList<>();
		try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
			files.filter((file) -> file.toString().endsWith(".java"))
				.forEach((file) -> literals.addAll(literals(file)));
		}
		assertThat(literals).hasSizeGreaterThan(500).filteredOn(ShownTextTests::isOdd).isEmpty();
	}

	@Test
	void propertiesAreDocumentedAsInTheMetadata() throws IOException {
		Map<String, String> documented = new TreeMap<>();
		Documentation.read("docs/properties.md").lines().filter((line) -> line.startsWith("| `")).forEach((line) -> {
			String[] cells = line.replace("`", "").split("\\|");
			documented.put(cells[1].strip(), plain(cells[3]));
		});
		Map<String, String> descriptions = descriptions();
		descriptions.keySet().retainAll(documented.keySet());
		assertThat(documented).hasSizeGreaterThan(30).isEqualTo(descriptions);
	}

	private static boolean isOdd(String text) {
		return ODD.matcher(text).find();
	}

	private static List<String> literals(Path file) {
		try {
			return Files.readAllLines(file)
				.stream()
				.map(String::strip)
				.filter((line) -> !line.startsWith("*") && !line.startsWith("/"))
				.map((line) -> line.replace("'\"'", ""))
				.flatMap((line) -> LITERAL.matcher(line).results())
				.map((literal) -> literal.group(1))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Map<String, String> descriptions() throws IOException {
		Map<String, String> descriptions = new TreeMap<>();
		for (JsonNode property : JsonMapper.builder().build().readTree(Files.readString(METADATA)).get("properties")) {
			descriptions.put(property.get("name").asString(), plain(property.path("description").asString("")));
		}
		return descriptions;
	}

	/** One style for Javadoc, which begins in lower case, and for tables. */
	private static String plain(String text) {
		String plain = text.strip();
		return plain.isEmpty() ? "" : plain.substring(0, 1).toLowerCase(Locale.ROOT) + plain.substring(1);
	}

}
