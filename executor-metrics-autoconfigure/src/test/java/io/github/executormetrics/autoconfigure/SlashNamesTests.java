// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bean names with slashes in the addresses of the endpoint.
 */
class SlashNamesTests {

	private static final String EXECUTORS = "/actuator/executors/";

	// a server refuses an encoded slash, and a plain one led nowhere
	@ParameterizedTest
	@ValueSource(strings = { "mail/out", "a/b/c", "/jobs", "two words/50%25", "mail/incidents", "mail/details" })
	void whenNameHasSlashesThenDetailsAndIncidentsAreFound(String name) {
		try (WebApplication application = WebApplication.start(Slashes.class)) {
			String path = EXECUTORS + name.replace(" ", "%20").replaceFirst("^/", "");
			String decoded = name.replace("%25", "%");
			assertThat(JsonPath.<String>read(application.get(path + "/details").body(), "$.name")).isEqualTo(decoded);
			assertThat(JsonPath.<String>read(application.get(path + "/details").body(), "$.coverage")).isNotNull();
			String incidents = application.get(path + "/incidents").body();
			assertThat(JsonPath.<String>read(incidents, "$.name")).isEqualTo(decoded);
			assertThat(incidents).contains("\"incidents\"");
			assertThat(application.delete(path + "/incidents").statusCode()).isEqualTo(204);
			if (!name.startsWith("mail/in") && !name.startsWith("mail/de")) {
				assertThat(JsonPath.<String>read(application.get(path).body(), "$.name")).isEqualTo(decoded);
			}
		}
	}

	@Test
	void whenNameEndsAsAnAddressDoesThenItIsTheOneOfTheExecutorBefore() {
		try (WebApplication application = WebApplication.start(Slashes.class)) {
			assertThat(JsonPath.<String>read(application.get(EXECUTORS + "mail").body(), "$.name")).isEqualTo("mail");
			assertThat(JsonPath.<String>read(application.get(EXECUTORS + "mail/details").body(), "$.name"))
				.isEqualTo("mail");
			assertThat(JsonPath.<String>read(application.get(EXECUTORS + "mail/incidents").body(), "$.name"))
				.isEqualTo("mail");
			assertThat(application.get(EXECUTORS + "nobody/at/all").statusCode()).isEqualTo(404);
			assertThat(application.get(EXECUTORS + "nobody/incidents").statusCode()).isEqualTo(404);
			assertThat(application.delete(EXECUTORS + "a/b/c").statusCode()).isEqualTo(404);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Slashes {

		@Bean({ "mail" })
		Executor mail() {
			return Runnable::run;
		}

		@Bean("mail/out")
		Executor out() {
			return Runnable::run;
		}

		@Bean("mail/incidents")
		Executor incidents() {
			return Runnable::run;
		}

		@Bean("mail/details")
		Executor details() {
			return Runnable::run;
		}

		@Bean("a/b/c")
		Executor nested() {
			return Runnable::run;
		}

		@Bean("/jobs")
		Executor leading() {
			return Runnable::run;
		}

		@Bean("two words/50%")
		Executor encoded() {
			return Runnable::run;
		}

	}

}
