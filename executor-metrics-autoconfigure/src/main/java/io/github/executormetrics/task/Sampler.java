// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * Picks one task in so many on average, at random: tasks often take turns. For one thread
 * at a time; where several share it, it picks about as many.
 */
final class Sampler {

	private final int oneIn;

	private int random = System.identityHashCode(this) | 1;

	private long until;

	/**
	 * Create a sampler.
	 * @param oneIn one in how many it picks, 0 for none
	 */
	Sampler(int oneIn) {
		this.oneIn = oneIn;
		this.until = pause();
	}

	/**
	 * Whether it picks every task.
	 * @return whether it leaves none out
	 */
	boolean isAll() {
		return this.oneIn == 1;
	}

	/**
	 * Whether it picks the task that starts.
	 * @return true for one in so many on average
	 */
	boolean picks() {
		if (this.oneIn <= 1) {
			return this.oneIn == 1;
		}
		if (--this.until > 0) {
			return false;
		}
		this.until = pause();
		return true;
	}

	private long pause() {
		if (this.oneIn <= 1) {
			return 0;
		}
		int next = this.random;
		next ^= next << 13;
		next ^= next >>> 17;
		next ^= next << 5;
		this.random = next;
		return 1 + Integer.toUnsignedLong(next) % (2L * this.oneIn - 1);
	}

}
