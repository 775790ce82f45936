// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

/**
 * What the threads of an executor have used, those that ended included. No number falls
 * from one reading to the next.
 *
 * @param started threads that have started to work for the executor
 * @param ended those of them that work no more
 * @param parks how often one of them began to wait, for a task or within one, sleeping
 * included
 * @param unparks how often such a wait ended
 * @param blocks how often one of them was blocked at a monitor
 * @param cpuNanos their CPU time, in nanoseconds
 */
public record WorkerUsage(long started, long ended, long parks, long unparks, long blocks, long cpuNanos) {

	static final WorkerUsage NONE = new WorkerUsage(0, 0, 0, 0, 0, 0);

	/**
	 * Threads that work for the executor.
	 * @return how many of those that are known
	 */
	public long live() {
		return this.started - this.ended;
	}

}
