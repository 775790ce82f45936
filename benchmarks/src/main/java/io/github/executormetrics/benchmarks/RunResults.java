// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.springframework.boot.json.JsonParserFactory;

/**
 * A run as read from its JSON. A figure is the median of what it is in each round, in
 * which the subjects ran shortly after one another. Its interval is that of a bootstrap:
 * each of 2,000 draws takes as many rounds as there are, and as many iterations of each,
 * with replacement.
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
		int rounds = this.all.stream().mapToInt((measured) -> measured.nanos().length).max().orElse(0);
		double value = median(IntStream.range(0, rounds)
			.mapToDouble((round) -> figure.applyAsDouble(new Round(round, (items) -> items)))
			.toArray());
		double[] draws = new double[DRAWS];
		Random random = new Random(1);
		for (int i = 0; i < DRAWS; i++) {
			draws[i] = median(random.ints(rounds, 0, rounds)
				.mapToDouble((round) -> figure.applyAsDouble(new Round(round, (items) -> draw(items, random))))
				.toArray());
		}
		Arrays.sort(draws);
		return new Estimate(value, draws[(int) (DRAWS * 0.025)], draws[(int) (DRAWS * 0.975)]);
	}

	private static double[] draw(double[] items, Random random) {
		return random.ints(items.length, 0, items.length).mapToDouble((index) -> items[index]).toArray();
	}

	private static String key(String benchmark, Subject subject) {
		return benchmark + " " + subject;
	}

	private static double median(double[] values) {
		if (values.length == 0) {
			return Double.NaN;
		}
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int half = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
	}

	/**
	 * One round, or a draw from it.
	 */
	private final class Round implements Medians {

		private final int index;

		private final UnaryOperator<double[]> choice;

		Round(int index, UnaryOperator<double[]> choice) {
			this.index = index;
			this.choice = choice;
		}

		@Override
		public double nanos(String benchmark, Subject subject) {
			return median(benchmark, subject, Measured::nanos);
		}

		@Override
		public double bytes(String benchmark, Subject subject) {
			return median(benchmark, subject, Measured::bytes);
		}

		private double median(String benchmark, Subject subject, Function<Measured, double[][]> figures) {
			Measured measured = RunResults.this.byKey.get(key(benchmark, subject));
			if (measured == null) {
				return Double.NaN;
			}
			double[][] rounds = figures.apply(measured);
			if (this.index >= rounds.length) {
				throw new IllegalStateException(subject + " lacks round " + (this.index + 1) + " of " + benchmark);
			}
			return RunResults.median(this.choice.apply(rounds[this.index]));
		}

	}

}
