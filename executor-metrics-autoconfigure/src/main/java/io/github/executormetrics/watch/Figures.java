// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The figures that a sentence rests on, units in their names, in the order in which it
 * tells them.
 */
final class Figures {

	private final Map<String, Number> all = new LinkedHashMap<>();

	/**
	 * Keep a figure that was measured.
	 * @param figure its name
	 * @param value what is kept to a tenth
	 */
	void put(String figure, double value) {
		this.all.put(figure, Math.round(value * 10) / 10.0);
	}

	/**
	 * Keep a figure that was counted.
	 * @param figure its name
	 * @param value what is kept
	 */
	void put(String figure, int value) {
		this.all.put(figure, value);
	}

	void putAll(Map<String, Number> figures) {
		this.all.putAll(figures);
	}

	/**
	 * Keep a count.
	 * @param figure its name
	 * @param value what is kept
	 * @return the count in words
	 */
	String count(String figure, long value) {
		this.all.put(figure, value);
		return String.format(Locale.ROOT, "%,d", value);
	}

	/**
	 * Keep a time.
	 * @param figure its name
	 * @param nanos nanoseconds, of which milliseconds are kept
	 * @return the time in words
	 */
	String millisOf(String figure, long nanos) {
		this.all.put(figure, StarvationRule.millis(nanos));
		return StarvationRule.words(nanos / 1e6);
	}

	Map<String, Number> all() {
		return Collections.unmodifiableMap(this.all);
	}

	/**
	 * A figure in words.
	 * @param value the figure
	 * @return the figure to a tenth
	 */
	static String number(double value) {
		return String.format(Locale.ROOT, "%,.1f", value);
	}

}
