// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a trial in a JVM of its own, and hands over the lines that it writes.
 */
final class TrialJvm {

	/**
	 * What the line of a measured round begins with.
	 */
	static final String ROUND = "round: ";

	private TrialJvm() {
	}

	/**
	 * The program that starts JVMs like this one.
	 * @return its path
	 */
	static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	/**
	 * Run a trial to its end.
	 * @param options the options of the JVM
	 * @param trial the class to start
	 * @param arguments its arguments
	 * @return all lines that it wrote
	 */
	static List<String> run(List<String> options, Class<?> trial, Object... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(java()));
		command.addAll(options);
		command.addAll(List.of("-classpath", System.getProperty("java.class.path"), trial.getName()));
		Stream.of(arguments).map(Object::toString).forEach(command::add);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		List<String> lines = new ArrayList<>();
		try (BufferedReader output = process.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				System.out.println(line);
				lines.add(line);
			}
		}
		if (process.waitFor() != 0) {
			throw new IllegalStateException(trial.getSimpleName() + " failed");
		}
		return lines;
	}

	/**
	 * What stands behind a mark.
	 * @param lines all lines of a trial
	 * @param mark what the wanted ones begin with
	 * @return the rest of those
	 */
	static List<String> behind(String mark, List<String> lines) {
		return lines.stream()
			.filter((line) -> line.startsWith(mark))
			.map((line) -> line.substring(mark.length()))
			.toList();
	}

}
