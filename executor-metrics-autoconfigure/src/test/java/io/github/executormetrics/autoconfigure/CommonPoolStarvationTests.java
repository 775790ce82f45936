// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What starves the common pool, on a machine with any number of cores: its parallelism is
 * set for the whole process, and where it is 1 the futures of JDK 17 do not use it.
 */
class CommonPoolStarvationTests {

	@Test
	void whenSuppliersBlockThenTheCommonPoolIsNamedAndNotWhileItComputes(@TempDir Path directory) throws Exception {
		Path log = directory.resolve("log");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djava.util.concurrent.ForkJoinPool.common.parallelism=2", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				CommonPoolApplication.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as(Files.readString(log)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

}
