// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.prometheus;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * A program on the PATH.
 */
record Tool(Path binary) {

	/**
	 * Find a program, or skip the test: on a CI server, where CI is true, fail it.
	 */
	static Tool required(String name) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst()
			.map(Tool::new)
			.orElseGet(() -> Boolean.parseBoolean(System.getenv("CI")) ? fail("%s is not on the PATH", name)
					: abort(name + " is not on the PATH"));
	}

	Process start(Path log, List<String> arguments) throws IOException {
		return builder(log, arguments).start();
	}

	/**
	 * Run to the end, which must be a success, with a file as input.
	 */
	void run(Path log, Path input, String... arguments) throws IOException, InterruptedException {
		Process process = builder(log, List.of(arguments)).redirectInput(input.toFile()).start();
		try {
			assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("%s ends", this.binary).isTrue();
			assertThat(process.exitValue()).as(Files.readString(log)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private ProcessBuilder builder(Path log, List<String> arguments) {
		List<String> command = new ArrayList<>();
		command.add(this.binary.toString());
		command.addAll(arguments);
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
	}

}
