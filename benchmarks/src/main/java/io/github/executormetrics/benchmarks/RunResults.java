package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

import org.springframework.boot.json.JsonParserFactory;

/**
 * A run as read from its JSON. The interval of a figure is that of a bootstrap: each of
 * 2,000 draws takes as many rounds as there are, the same ones for all subjects since
 * they took turns, and as many iterations of each, with replacement.
 */
final class RunResults {

	private static final int DRAWS = 2_000;

	private final Map<String, Object> about;

	private final List<Measured> all;

	private final Map<String, Measured> byKey = new HashMap<>();

	private RunResults(Map<String, Object> about, List<Measured> all) {
		this.about = about;
		this.all = all;
		all.forEach((measured) -> this.byKey.put(key(measured.benchmark(), measured.subject()), measured));
	}

	@SuppressWarnings("unchecked")
	static RunResults read(Path json) throws IOException {
		// Boot's parser takes an indented element of a list for a string
		String text = Files.readString(json).replaceAll("\\s*\\R\\s*", "");
		Map<String, Object> about = JsonParserFactory.getJsonParser().parseMap(text);
		List<Object> results = (List<Object>) about.getOrDefault("results", List.of());
		return new RunResults(about,
				results.stream().map((result) -> Measured.of((Map<String, Object>) result)).toList());
	}

	String about(String key) {
		return String.valueOf(this.about.get(key));
	}

	List<Measured> all() {
		return this.all;
	}

	Estimate estimate(ToDoubleFunction<Medians> figure) {
		double value = figure.applyAsDouble(new Run());
		double[] draws = new double[DRAWS];
		Random random = new Random(1);
		for (int i = 0; i < DRAWS; i++) {
			draws[i] = figure.applyAsDouble(new Draw(random));
		}
		Arrays.sort(draws);
		return new Estimate(value, draws[(int) (DRAWS * 0.025)], draws[(int) (DRAWS * 0.975)]);
	}

	private static String key(String benchmark, Subject subject) {
		return benchmark + " " + subject;
	}

	private static double median(double[] values) {
		Arrays.sort(values);
		int half = values.length / 2;
		return (values.length % 2 == 1) ? values[half] : (values[half - 1] + values[half]) / 2;
	}

	private class Run implements Medians {

		@Override
		public double nanos(String benchmark, Subject subject) {
			Measured measured = RunResults.this.byKey.get(key(benchmark, subject));
			return (measured != null) ? median(choose(measured.nanos())) : Double.NaN;
		}

		@Override
		public double bytes(String benchmark, Subject subject) {
			Measured measured = RunResults.this.byKey.get(key(benchmark, subject));
			return (measured != null) ? median(choose(measured.bytes())) : Double.NaN;
		}

		double[] choose(double[][] rounds) {
			return Arrays.stream(rounds).flatMapToDouble(Arrays::stream).toArray();
		}

	}

	private final class Draw extends Run {

		private final Random random;

		private final long rounds;

		Draw(Random random) {
			this.random = random;
			this.rounds = random.nextLong();
		}

		@Override
		double[] choose(double[][] rounds) {
			Random same = new Random(this.rounds);
			return Arrays.stream(rounds).flatMapToDouble((any) -> {
				double[] round = rounds[same.nextInt(rounds.length)];
				return Arrays.stream(round).map((item) -> round[this.random.nextInt(round.length)]);
			}).toArray();
		}

	}

}
