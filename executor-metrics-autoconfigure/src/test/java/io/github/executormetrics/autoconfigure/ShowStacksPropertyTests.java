// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShowStacks}: it takes the property as the endpoint does.
 */
class ShowStacksPropertyTests {

	private static final String FAILED = "failed";

	@Test
	void whenTheEndpointHasAValueThenThereIsTheSame() {
		assertThat(names(ShowStacks.values())).isEqualTo(names(Show.values()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "never", "NEVER", "Ne-ver", "n_e_v_e_r", " never ", "WHEN-AUTHORIZED", "when_authorized",
			"whenAuthorized", "when authorized", "When.Authorized", "always", "aLWAYS", "al-ways", "", " " })
	void whenTheEndpointTakesASpellingThenItMeansTheSame(String spelling) {
		Environment environment = of("management.endpoint.executors.show-stacks", spelling);
		assertThat(ours(environment)).isEqualTo(endpoints(environment)).isNotEqualTo(FAILED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "perhaps", "nevr", "never!never", "0", "true", "no", "off" })
	void whenTheEndpointRefusesAValueThenItIsRefused(String value) {
		Environment environment = of("management.endpoint.executors.show-stacks", value);
		assertThat(ours(environment)).isEqualTo(endpoints(environment)).isEqualTo(FAILED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoint.executors.showStacks", "management.endpoint.executors.show_stacks",
			"MANAGEMENT.ENDPOINT.EXECUTORS.SHOW-STACKS" })
	void whenTheKeyIsSpelledOtherwiseThenItIsRead(String key) {
		assertThat(ours(of(key, "never"))).isEqualTo(endpoints(of(key, "never"))).isEqualTo("NEVER");
	}

	@Test
	void whenAVariableSetsItThenItIsRead() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
					Map.of("MANAGEMENT_ENDPOINT_EXECUTORS_SHOWSTACKS", "never")));
		ConfigurationPropertySources.attach(environment);
		assertThat(ours(environment)).isEqualTo(endpoints(environment)).isEqualTo("NEVER");
	}

	// nobody else binds it then
	@Test
	void whenTheEndpointIsNotExposedThenAWrongValueStopsTheStart() {
		Runners.with()
			.withPropertyValues("management.endpoints.web.exposure.include=health",
					"management.endpoint.executors.show-stacks=perhaps")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasRootCauseMessage("No enum constant " + ShowStacks.class.getCanonicalName() + ".perhaps"));
	}

	private static Set<String> names(Enum<?>[] values) {
		return Arrays.stream(values).map(Enum::name).collect(Collectors.toSet());
	}

	private static Environment of(String key, String value) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(key, value)));
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

	private static String ours(Environment environment) {
		return result(environment, (any) -> ShowStacks.of(any).name());
	}

	private static String endpoints(Environment environment) {
		return result(environment,
				(any) -> Binder.get(any)
					.bindOrCreate("management.endpoint.executors", ExecutorsEndpointProperties.class)
					.showStacks()
					.name());
	}

	private static String result(Environment environment, Function<Environment, String> read) {
		try {
			return read.apply(environment);
		}
		catch (BindException ex) {
			return FAILED;
		}
	}

}
