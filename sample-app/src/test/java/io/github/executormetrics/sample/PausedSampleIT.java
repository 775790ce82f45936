// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a sample whose process is stopped for seconds and continued.
 */
@DisabledOnOs(OS.WINDOWS)
class PausedSampleIT {

	private static final Duration AT_MOST = Duration.ofSeconds(60);

	@Test
	void whenProcessIsStoppedAndContinuedThenNothingIsRaised(@TempDir Path directory) throws Exception {
		// a watch that raises a cause at the first bad tick
		try (SampleProcess sample = new SampleProcess(directory.resolve("sample.log"),
				SampleProcess.fromClassPath(SampleApplication.class), "--executor-metrics.watch.interval=500ms",
				"--executor-metrics.watch.raise-after=1", "--executor-metrics.watch.grace=5s",
				// shorter than the pause, longer than what a busy machine does to a task
				"--executor-metrics.limits.mean-wait=1s")) {
			SampleClient client = sample.client();
			// past the cold start, in which tasks may well be late
			Awaitility.await()
				.atMost(AT_MOST)
				.until(() -> client.executor("taskScheduler").at("/tasks/completed").asLong() > 15);
			Map<String, List<String>> before = raised(client);
			sample.signal("STOP");
			assertThat(sample.endsWithin(Duration.ofSeconds(8))).isFalse();
			sample.signal("CONT");
			long completed = client.executor("taskScheduler").at("/tasks/completed").asLong();
			// its jobs were late by up to 8 s, and ran one after the other
			Awaitility.await()
				.atMost(AT_MOST)
				.until(() -> client.executor("taskScheduler").at("/tasks/completed").asLong() > completed + 8);
			assertThat(raised(client)).isEqualTo(before);
			assertThat(client.get("/actuator/prometheus")
				.body()
				.lines()
				.filter((line) -> line.startsWith("executor_watch_late_seconds_max"))
				.map((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))).singleElement()
				.satisfies((seconds) -> assertThat(seconds).isGreaterThan(7));
		}
	}

	/** The counts of each executor, and the incidents that are kept of it. */
	private static Map<String, List<String>> raised(SampleClient client) {
		Map<String, List<String>> raised = new TreeMap<>();
		for (String name : client.json("/actuator/executors").get("executors").propertyNames()) {
			List<String> incidents = new ArrayList<>(List.of(client.executor(name).get("incidents").toString()));
			client.json("/actuator/executors/" + name + "/incidents")
				.get("incidents")
				.valueStream()
				.forEach((incident) -> incidents.add(incident.get("number").toString()));
			raised.put(name, incidents);
		}
		return raised;
	}

}
