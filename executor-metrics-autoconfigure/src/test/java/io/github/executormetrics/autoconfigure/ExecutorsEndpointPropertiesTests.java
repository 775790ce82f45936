// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link ExecutorsEndpointProperties}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExecutorsEndpointPropertiesTests {

	@Test
	void whenNothingIsSetThenStacksAreForWhoIsAuthenticated() {
		ExecutorsEndpointProperties properties = properties();
		assertThat(properties.showStacks()).isEqualTo(Show.WHEN_AUTHORIZED);
		assertThat(properties.roles()).isEmpty();
	}

	@Test
	void whenSetThenTaken() {
		ExecutorsEndpointProperties properties = properties("--management.endpoint.executors.show-stacks=Always",
				"--management.endpoint.executors.roles=OPS,DEV");
		assertThat(properties.showStacks()).isEqualTo(Show.ALWAYS);
		assertThat(properties.roles()).containsExactlyInAnyOrder("OPS", "DEV");
	}

	@Test
	void whenShowStacksIsUnknownThenStartFailsWithPropertyValueAndWhatIsAllowed(CapturedOutput output) {
		assertThatException().isThrownBy(() -> properties("--management.endpoint.executors.show-stacks=perhaps"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Failed to bind properties under 'management.endpoint.executors.show-stacks'")
			.contains("Value: \"perhaps\"")
			.contains("The following values are valid:", "ALWAYS", "NEVER", "WHEN_AUTHORIZED");
	}

	// what an IDE offers: values of an enum need no hints
	@Test
	void metadataDescribesBoth() throws IOException, ClassNotFoundException {
		JsonNode showStacks = metadata("properties", "management.endpoint.executors.show-stacks");
		assertThat(Class.forName(showStacks.get("type").asString())).isEqualTo(Show.class).matches(Class::isEnum);
		assertThat(showStacks.get("defaultValue").asString()).isEqualTo("when-authorized");
		assertThat(showStacks.get("description").asString()).isEqualTo("when to show the stacks of workers");
		assertThat(metadata("hints", "management.endpoint.executors.show-stacks").isMissingNode()).isTrue();
		JsonNode roles = metadata("properties", "management.endpoint.executors.roles");
		assertThat(roles.get("type").asString()).isEqualTo("java.util.Set<java.lang.String>");
		assertThat(roles.get("description").asString()).isEqualTo(
				"roles that are authorized to see stacks;" + " if empty, all authenticated users are authorized");
	}

	private static JsonNode metadata(String kind, String name) throws IOException {
		try (InputStream metadata = Files
			.newInputStream(Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json"))) {
			for (JsonNode item : JsonMapper.builder().build().readTree(metadata).get(kind)) {
				if (item.get("name").asString().equals(name)) {
					return item;
				}
			}
		}
		return JsonMapper.builder().build().missingNode();
	}

	private static ExecutorsEndpointProperties properties(String... arguments) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("spring.config.name=none", "management.endpoints.web.exposure.include=executors")
			.run(arguments)) {
			return context.getBean(ExecutorsEndpointProperties.class);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, ExecutorsEndpointAutoConfiguration.class,
			EndpointAutoConfiguration.class })
	static class Application {

	}

}
