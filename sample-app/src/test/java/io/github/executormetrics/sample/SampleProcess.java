// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample in a process of its own, on the JDK that runs the tests.
 */
public final class SampleProcess implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern.compile("See http://localhost:(\\d+)/");

	private static final Duration AT_MOST = Duration.ofMinutes(3);

	private final Process process;

	private final Path log;

	private final SampleClient client;

	/**
	 * Start the sample, and wait until it is there.
	 * @param log where its output goes
	 * @param launch what makes java start it: its options, and a class or a jar
	 * @param arguments the arguments of the sample
	 */
	public SampleProcess(Path log, List<String> launch, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// it lives for seconds
		command.add("-XX:TieredStopAtLevel=1");
		command.addAll(launch);
		command.add("--server.port=0");
		command.addAll(List.of(arguments));
		this.log = log;
		try {
			this.process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		try {
			this.client = new SampleClient(awaitPort());
		}
		catch (Throwable ex) {
			close();
			throw ex;
		}
	}

	/**
	 * How java starts the sample from the class path of the tests.
	 * @param main the class to start
	 * @return its options, and the class
	 */
	public static List<String> fromClassPath(Class<?> main) {
		return List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				main.getName());
	}

	private int awaitPort() {
		return Awaitility.await("start of the sample")
			.failFast(() -> assertThat(this.process.isAlive()).as(log()).isTrue())
			.atMost(AT_MOST)
			.until(() -> {
				Matcher address = ADDRESS.matcher(log());
				return address.find() ? Integer.parseInt(address.group(1)) : 0;
			}, (port) -> port > 0);
	}

	/**
	 * What talks to it.
	 * @return the client
	 */
	public SampleClient client() {
		return this.client;
	}

	/**
	 * All that it has printed so far.
	 * @return its output
	 */
	public String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void signal(String signal) throws IOException, InterruptedException {
		assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(this.process.pid())).start().waitFor())
			.isZero();
	}

	boolean endsWithin(Duration duration) throws InterruptedException {
		return this.process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * End it as a user does, so that it says and sends what is left to.
	 * @throws InterruptedException if this thread is to end too
	 */
	public void stop() throws InterruptedException {
		this.process.destroy();
		assertThat(endsWithin(AT_MOST)).as(log()).isTrue();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
