// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sample application in a process of its own, from its start to its end.
 */
final class StartedSample implements AutoCloseable {

	private static final Pattern ENDPOINT = Pattern.compile("See (http://localhost:\\d+/actuator/executors)");

	private static final Pattern STARTED = Pattern
		.compile("Started SampleApplication in ([\\d.]+) seconds \\(process running for ([\\d.]+)\\)");

	private final Process process;

	private final String endpoint;

	private final SampleStart figures;

	private StartedSample(Process process, String endpoint, SampleStart figures) {
		this.process = process;
		this.endpoint = endpoint;
		this.figures = figures;
	}

	/**
	 * Start it, and wait until it says that it has started.
	 * @param jar the packaged application
	 * @return what has started
	 */
	static StartedSample start(Path jar) throws IOException {
		long begin = System.nanoTime();
		Process process = new ProcessBuilder(TrialJvm.java(), "-jar", jar.toString(), "--server.port=0")
			.redirectErrorStream(true)
			.start();
		BufferedReader output = process.inputReader();
		String endpoint = "";
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			Matcher address = ENDPOINT.matcher(line);
			endpoint = address.find() ? address.group(1) : endpoint;
			Matcher started = STARTED.matcher(line);
			if (started.find()) {
				double wallSeconds = (System.nanoTime() - begin) / 1e9;
				double cpuSeconds = process.info().totalCpuDuration().map(Duration::toMillis).orElseThrow() / 1e3;
				return new StartedSample(process, endpoint,
						new SampleStart(Double.parseDouble(started.group(1)), Double.parseDouble(started.group(2)),
								wallSeconds, cpuSeconds,
								ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
			}
		}
		throw new IllegalStateException(jar + " has not started");
	}

	/**
	 * Where the starter's endpoint is, if it is there.
	 * @return its address
	 */
	String endpoint() {
		return this.endpoint;
	}

	SampleStart figures() {
		return this.figures;
	}

	@Override
	public void close() {
		// it has nothing to save
		this.process.destroyForcibly().onExit().join();
	}

}
