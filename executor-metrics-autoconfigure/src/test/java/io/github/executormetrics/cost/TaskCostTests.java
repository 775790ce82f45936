// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a task costs, in figures that are the same on every run: bytes,
 * instructions and calls, counted in a JVM that only interprets, and no time.
 */
class TaskCostTests {

	private static Map<String, String> found;

	@BeforeAll
	static void runTrial(@TempDir Path directory) throws Exception {
		Path log = directory.resolve("log");
		Process trial = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint",
				"-XX:+UseSerialGC", "-Xmx256m", "-javaagent:" + agent(directory), "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				CostTrial.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			assertThat(trial.waitFor(5, TimeUnit.MINUTES)).isTrue();
			assertThat(trial.exitValue()).as(Files.readString(log)).isZero();
		}
		finally {
			trial.destroyForcibly();
		}
		found = Files.readAllLines(log)
			.stream()
			.filter((line) -> line.contains(" "))
			.collect(Collectors.toMap((line) -> line.substring(0, line.indexOf(' ')),
					(line) -> line.substring(line.indexOf(' ') + 1), (first, second) -> second));
	}

	@ParameterizedTest
	@EnumSource
	void taskCostsWhatIsWrittenDown(CostRoute route) {
		assertThat(found(route.name())).as("%s on JDK %s", route, Runtime.version())
			.usingRecursiveComparison()
			.isEqualTo(route.cost());
	}

	// else a figure that counts nothing would pass for one that has not changed
	@ParameterizedTest
	@EnumSource
	void whenATaskIsMadeToCostMoreThenSoMuchMoreIsFound(CostPlant plant) {
		assertThat(CostPlant.ROUTES).allSatisfy((route) -> assertThat(found(route + "+" + plant))
			.as("%s with %s on JDK %s", route, plant, Runtime.version())
			.usingRecursiveComparison()
			.isEqualTo(found(route.name()).plus(plant.cost())));
	}

	private static TaskCost found(String trial) {
		return TaskCost.parse(found.get(trial));
	}

	private static Path agent(Path directory) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().putValue("Premain-Class", CountingAgent.class.getName());
		Path jar = directory.resolve("agent.jar");
		new JarOutputStream(Files.newOutputStream(jar), manifest).close();
		return jar;
	}

}
