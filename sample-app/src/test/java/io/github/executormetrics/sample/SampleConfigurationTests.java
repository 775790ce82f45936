// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that application.yml shows every property of the library at its default.
 */
class SampleConfigurationTests {

	@Test
	void everyPropertyStandsCommentedAtItsDefault() throws IOException {
		assertThat(commented()).isEqualTo(metadata());
	}

	private static Map<String, String> commented() throws IOException {
		String yaml = Files.readAllLines(Path.of("src/main/resources/application.yml"))
			.stream()
			.dropWhile((line) -> !line.startsWith("#executor-metrics:"))
			.map((line) -> line.substring(1))
			.collect(Collectors.joining("\n"));
		Map<String, String> properties = new TreeMap<>();
		for (PropertySource<?> source : new YamlPropertySourceLoader().load("commented",
				new ByteArrayResource(yaml.getBytes()))) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				// those of a single executor are those of all
				if (!name.startsWith("executor-metrics.executors.")) {
					properties.put(name, String.valueOf(source.getProperty(name)));
				}
			}
		}
		return properties;
	}

	private static Map<String, String> metadata() throws IOException {
		Map<String, String> properties = new TreeMap<>();
		Enumeration<URL> files = SampleApplication.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json");
		for (URL file : Collections.list(files)) {
			try (InputStream in = file.openStream()) {
				for (JsonNode property : JsonMapper.builder().build().readTree(in).get("properties")) {
					String name = property.get("name").asString();
					if (name.startsWith("executor-metrics.") && !name.equals("executor-metrics.executors")) {
						properties.put(name, property.path("defaultValue").asString(""));
					}
				}
			}
		}
		assertThat(properties).isNotEmpty();
		return properties;
	}

}
