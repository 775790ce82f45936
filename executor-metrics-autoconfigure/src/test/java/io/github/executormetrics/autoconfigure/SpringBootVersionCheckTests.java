// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.autoconfigure.SpringBootVersionCheck.UnsupportedSpringBootException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of {@link SpringBootVersionCheck} and its failure analyzer.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpringBootVersionCheckTests {

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "4.0.0", "4.0.7", "4.1.2", "4.2.0-M1", "4.3.0", "4.10.1-SNAPSHOT" })
	void whenVersionIsSupportedOrNotKnownThenStartGoesOn(String version) {
		assertThatNoException().isThrownBy(() -> SpringBootVersionCheck.check(version));
	}

	@ParameterizedTest
	@ValueSource(strings = { "2.7.18", "3.5.7", "5.0.0-M1", "5.0.0", "40.1.0" })
	void whenVersionIsNotSupportedThenOneSentenceNamesBoth(String version) {
		assertThatExceptionOfType(UnsupportedSpringBootException.class)
			.isThrownBy(() -> SpringBootVersionCheck.check(version))
			.withMessageMatching("executor-metrics( \\S+)? requires Spring Boot 4\\.x, but this application runs "
					+ "Spring Boot " + version + "\\.");
	}

	@Test
	void whenApplicationStartsThenItsVersionIsChecked() {
		assertThat(new SpringApplication(Empty.class).getListeners())
			.hasAtLeastOneElementOfType(SpringBootVersionCheck.class);
		assertThatNoException().isThrownBy(() -> SpringBootVersionCheck.check(SpringBootVersion.getVersion()));
	}

	@Test
	void whenStartIsStoppedThenSentenceIsReportedWithoutAStackTrace(CapturedOutput output) {
		ApplicationListener<ApplicationEnvironmentPreparedEvent> later = (event) -> SpringBootVersionCheck
			.check("5.0.0");
		SpringApplicationBuilder application = new SpringApplicationBuilder(Empty.class).web(WebApplicationType.NONE)
			.listeners(later);
		assertThatExceptionOfType(UnsupportedSpringBootException.class).isThrownBy(application::run);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("requires Spring Boot 4.x, but this application runs Spring Boot 5.0.0.")
			.doesNotContain("\tat ", "Action:");
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
