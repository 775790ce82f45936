// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.versions;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.ExecutorMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application on Spring Boot 3 does not start, and says why.
 */
class UnsupportedVersionTests {

	private static final String BOOT = System.getProperty("boot-3.version");

	@Test
	void whenBootIsNotSupportedThenStartFailsWithOneSentenceThatNamesBothVersions() throws Exception {
		String classPath = String.join(File.pathSeparator, location(getClass()), location(ExecutorMetrics.class),
				System.getProperty("boot-3.libraries") + File.separator + "*");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				classPath, Application.class.getName())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(process.exitValue()).as(output).isOne();
		assertThat(output)
			.containsOnlyOnce("executor-metrics " + System.getProperty("library.version")
					+ " requires Spring Boot 4.x, but this application runs Spring Boot " + BOOT + ".")
			.contains("APPLICATION FAILED TO START")
			.doesNotContain("\tat ", "NoClassDefFoundError", "Action:");
	}

	private static String location(Class<?> type) throws Exception {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
	}

	/** Compiled with Boot 4, and the same for Boot 3. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		public static void main(String[] arguments) {
			SpringApplication.run(Application.class, arguments);
		}

	}

}
