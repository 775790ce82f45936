// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.executormetrics.meters.ExecutorMeter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the meters of a {@link WebApplication} with the starter and without it.
 */
final class Unchanged {

	static final Predicate<String> NEIGHBOURS = Run.VIRTUAL.or(Run.BRAVE);

	static final Predicate<String> WITHOUT = NEIGHBOURS.or(Run.STARTER).or(Run.TRACING);

	/** The field of a line outside of a trace. */
	static final String CORRELATION = "[" + " ".repeat(49) + "]";

	private Unchanged() {
	}

	static Run run(Predicate<String> absent, String... args) throws IOException, InterruptedException {
		return Run.of(WebApplication.class, absent,
				Stream.concat(Stream.of("--server.port=0", "--management.endpoints.web.exposure.include=*",
						"--management.endpoint.health.show-details=always",
						// it closes with a task that does not end
						"--spring.lifecycle.timeout-per-shutdown-phase=1s",
						"--spring.application.name=web-application"), Arrays.stream(args))
					.toArray(String[]::new));
	}

	static void assertMetersAreThoseOf(Run before, Run after) {
		Map<String, String> expected = meters(before);
		assertThat(expected).containsKeys("http.server.requests", "own.timer", "own.time.gauge", "own.function.timer",
				"own.long.task.timer", "application.started.time", "executor.active");
		Map<String, String> actual = meters(after);
		actual.keySet().removeIf((name) -> isOurs(name) && !expected.containsKey(name));
		assertThat(actual).isEqualTo(expected);
	}

	/**
	 * Each meter as the endpoint shows it: whole where it is the application's, without
	 * its figures where these differ from run to run.
	 */
	static Map<String, String> meters(Run run) {
		Map<String, String> meters = new TreeMap<>();
		for (String line : run.lines("METER")) {
			String[] parts = line.split(" ", 2);
			// there from the first collection on, which comes by chance
			if (!parts[0].startsWith("jvm.gc.")) {
				meters.put(parts[0],
						parts[0].startsWith("own.") ? parts[1] : parts[1].replaceAll("\"value\":[^}]*", "\"value\":0")
							// in the order of a set
							.replaceAll("\"values\":\\[[^]]*]", "\"values\":[]"));
			}
		}
		return meters;
	}

	static List<String> scrape(Run run) {
		return run.lines("SCRAPE")
			.stream()
			.filter((line) -> line.startsWith("own_") || line.startsWith("# TYPE") || line.startsWith("# HELP"))
			.filter((line) -> !isOurs(line.replaceFirst("# (TYPE|HELP) ", "").replace('_', '.')))
			.filter((line) -> !line.contains(" jvm_gc_"))
			.toList();
	}

	static boolean isOurs(String name) {
		return Arrays.stream(ExecutorMeter.values()).anyMatch((meter) -> name.startsWith(meter.meterName()));
	}

	static void assertClosesWithoutWarning(Run before, Run after) {
		assertThat(warnings(after)).isEqualTo(warnings(before)).isEmpty();
	}

	static List<String> warnings(Run run) {
		String output = run.output();
		return output.substring(output.indexOf(WebApplication.CLOSING))
			.lines()
			.filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat "))
			.toList();
	}

}
