// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

/**
 * How much of their time workers compute, and the process as a whole.
 *
 * @param workers CPU time of the workers over their wall time, 0 to 1
 * @param processCores cores that the process keeps busy, negative where nobody tells
 * @param cores cores that it may use
 */
public record CpuShare(double workers, double processCores, int cores) {

	/**
	 * Whether the cores are taken, so that more threads can only share them.
	 * @return whether the process uses nine tenths of what it may
	 */
	public boolean isSaturated() {
		return isSaturated(this.processCores, this.cores);
	}

	/**
	 * Whether the cores are taken.
	 * @param processCores cores that the process keeps busy
	 * @param cores cores that it may use
	 * @return whether it uses nine tenths of them
	 */
	public static boolean isSaturated(double processCores, int cores) {
		return processCores >= 0.9 * cores;
	}

	/**
	 * How many such workers the cores can feed, which is what cores times (1 + wait /
	 * compute) comes to: Goetz, Java Concurrency in Practice, 8.2.
	 * @return the number, at least 1
	 */
	public int usefulWorkers() {
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, this.cores / Math.max(1e-6, this.workers)));
	}

}
