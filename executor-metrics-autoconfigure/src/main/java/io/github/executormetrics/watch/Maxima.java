// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

/**
 * The maxima of the looks in the window, side by side: looking back over objects that
 * each look made would take longer than most of the look.
 */
final class Maxima {

	private final long[] values;

	private int last;

	/**
	 * Create maxima that are all 0.
	 * @param ticks how many looks the window holds
	 */
	Maxima(int ticks) {
		this.values = new long[ticks];
	}

	/**
	 * Keep the maximum of one more look, in place of the oldest.
	 * @param max the maximum
	 */
	void add(long max) {
		this.last = (this.last + 1) % this.values.length;
		this.values[this.last] = max;
	}

	/**
	 * The maximum of the last look.
	 * @return what was added last
	 */
	long last() {
		return this.values[this.last];
	}

	/**
	 * The maximum of the window.
	 * @return the largest that is kept
	 */
	long max() {
		long max = 0;
		for (long value : this.values) {
			max = Math.max(max, value);
		}
		return max;
	}

}
