// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.openjdk.jmh.util.ListStatistics;

/**
 * Puts the rounds of a trial together, for its JSON and its table.
 */
final class TrialResults {

	private TrialResults() {
	}

	static <T> ListStatistics statistics(List<T> rounds, ToDoubleFunction<T> figure) {
		return new ListStatistics(rounds.stream().mapToDouble(figure).toArray());
	}

	static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
		return statistics(rounds, figure).getPercentile(50);
	}

	/**
	 * A field of the JSON object that is a list, a line each.
	 * @param name its name
	 * @param elements what it is a list of
	 * @param json how an element is written
	 * @param <T> the type of the elements
	 * @return the field
	 */
	static <T> String list(String name, List<T> elements, Function<T, String> json) {
		return elements.stream()
			.map((element) -> "  " + json.apply(element))
			.collect(Collectors.joining(",\n", "\"" + name + "\": [\n", "\n]"));
	}

	static double loadAverage(long centiLoad) {
		return centiLoad / 100.0;
	}

}
