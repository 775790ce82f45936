package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Starts the packaged sample application in pairs, with the starter and without it, in
 * turns.
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
		Path with = SampleJar.copy(packaged, directory.resolve("with.jar"), true);
		Path without = SampleJar.copy(packaged, directory.resolve("without.jar"), false);
		// unmeasured: reads the jars from disk once
		check(with, 200);
		check(without, 404);
		List<SampleStart> withStarter = new ArrayList<>();
		List<SampleStart> withoutStarter = new ArrayList<>();
		for (int i = 0; i < pairs; i++) {
			boolean first = i % 2 == 0;
			start(first ? with : without, first ? withStarter : withoutStarter);
			start(first ? without : with, first ? withoutStarter : withStarter);
		}
		String table = "| figure | with | without | ratio | load average |\n|---|---:|---:|---:|---:|\n"
				+ row("s until started, by Spring Boot", withStarter, withoutStarter, SampleStart::startedSeconds)
				+ row("s of the process until then, by Spring Boot", withStarter, withoutStarter,
						SampleStart::processSeconds)
				+ row("s from outside", withStarter, withoutStarter, SampleStart::wallSeconds)
				+ row("s of CPU until then", withStarter, withoutStarter, SampleStart::cpuSeconds);
		file.write("start", TrialResults.list("with", withStarter, SampleStart::toJson) + ",\n"
				+ TrialResults.list("without", withoutStarter, SampleStart::toJson), table);
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

	private static void start(Path jar, List<SampleStart> starts) throws IOException {
		try (StartedSample sample = StartedSample.start(jar)) {
			System.out.println(jar.getFileName() + " " + sample.figures());
			starts.add(sample.figures());
		}
	}

	private static String row(String figure, List<SampleStart> with, List<SampleStart> without,
			ToDoubleFunction<SampleStart> value) {
		return String.format(Locale.ROOT, "| %s | %.3f | %.3f | %s | %.1f |%n", figure,
				TrialResults.median(with, value), TrialResults.median(without, value),
				Interval
					.ofRatios(with.stream().mapToDouble(value).toArray(), without.stream().mapToDouble(value).toArray())
					.format("%.3f"),
				TrialResults.statistics(with, SampleStart::loadAverage).getMean());
	}

}
