// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts the packaged sample application in turns: with the starter, without it, and
 * without what the starter depends on.
 */
public final class StartPairs {

	private static final int PAIRS_AT_LEAST = 10;

	private StartPairs() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		RunFile file = new RunFile(StartPairs.class, args);
		int pairs = Math.max(PAIRS_AT_LEAST, Integer.parseInt(args[1]));
		Path directory = Files.createTempDirectory("start-pairs");
		Path packaged = packaged(Path.of("..", "sample-app", "target"));
		Turns with = Turns.of(SampleJar.WITH, packaged, directory);
		Turns without = Turns.of(SampleJar.WITHOUT, packaged, directory);
		Turns neither = Turns.of(SampleJar.WITHOUT_DEPENDENCIES, packaged, directory);
		List<Turns> kinds = new ArrayList<>(List.of(with, without, neither));
		// unmeasured: reads the jars from disk once
		check(with.jar, 200);
		check(without.jar, 404);
		check(neither.jar, 404);
		for (int i = 0; i < pairs; i++) {
			for (Turns kind : kinds) {
				kind.starts.add(start(kind.jar));
			}
			Collections.rotate(kinds, 1);
		}
		kinds.sort(Comparator.comparing(Turns::kind));
		String table = "| figure | with | without | without its dependencies too | ratio | ratio of the dependencies | load average |\n"
				+ "|---|---:|---:|---:|---:|---:|---:|\n"
				+ row("s until started, by Spring Boot", kinds, SampleStart::startedSeconds)
				+ row("s of the process until then, by Spring Boot", kinds, SampleStart::processSeconds)
				+ row("s from outside", kinds, SampleStart::wallSeconds)
				+ row("s of CPU until then", kinds, SampleStart::cpuSeconds);
		file.write("start", kinds.stream().map(Turns::toJson).collect(Collectors.joining(",\n")), table);
	}

	private static Path packaged(Path target) throws IOException {
		try (Stream<Path> files = Files.list(target)) {
			return files.filter((file) -> file.toString().endsWith("-exec.jar")).findFirst().orElseThrow();
		}
	}

	/**
	 * Only with the starter is there the endpoint.
	 */
	private static void check(Path jar, int expected) throws IOException, InterruptedException {
		try (StartedSample sample = StartedSample.start(jar)) {
			int status = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create(sample.endpoint())).build(), BodyHandlers.discarding())
				.statusCode();
			if (status != expected) {
				throw new IllegalStateException(jar + " answers " + status);
			}
		}
	}

	private static SampleStart start(Path jar) throws IOException {
		try (StartedSample sample = StartedSample.start(jar)) {
			System.out.println(jar.getFileName() + " " + sample.figures());
			return sample.figures();
		}
	}

	private static String row(String figure, List<Turns> kinds, ToDoubleFunction<SampleStart> value) {
		double[][] values = kinds.stream()
			.map((kind) -> kind.starts.stream().mapToDouble(value).toArray())
			.toArray(double[][]::new);
		return String.format(Locale.ROOT, "| %s | %.3f | %.3f | %.3f | %s | %s | %.1f |%n", figure,
				TrialResults.median(kinds.get(0).starts, value), TrialResults.median(kinds.get(1).starts, value),
				TrialResults.median(kinds.get(2).starts, value), Interval.ofRatios(values[0], values[1]).format("%.3f"),
				Interval.ofRatios(values[1], values[2]).format("%.3f"),
				TrialResults.statistics(kinds.get(0).starts, SampleStart::loadAverage).getMean());
	}

	/**
	 * The starts of one jar.
	 *
	 * @param kind what the jar holds
	 * @param jar the jar
	 * @param starts its starts so far
	 */
	private record Turns(SampleJar kind, Path jar, List<SampleStart> starts) {

		static Turns of(SampleJar kind, Path packaged, Path directory) throws IOException {
			return new Turns(kind, kind.copy(packaged, directory.resolve(kind + ".jar")), new ArrayList<>());
		}

		String toJson() {
			return TrialResults.list(this.kind.name().toLowerCase(Locale.ROOT), this.starts, SampleStart::toJson);
		}

	}

}
