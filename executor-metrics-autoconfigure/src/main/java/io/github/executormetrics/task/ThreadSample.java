// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * What a thread had used when a task began that is sampled.
 */
final class ThreadSample {

	private final long allocated = ThreadCosts.allocated();

	private final long blocks = ThreadCosts.blocks();

	// what it takes to look, and to start a span, is no time in which the task waits
	private final long nanos = System.nanoTime();

	private final long cpu = ThreadCosts.cpu();

	/**
	 * Add what the task has used, on the same thread.
	 * @param now when it ended
	 * @param figures where to add it
	 * @return how often it was put on a CPU, or {@link ThreadCosts#UNAVAILABLE}
	 */
	long end(long now, SampledFigures figures) {
		long cpu = ThreadCosts.cpu();
		long blocks = ThreadCosts.blocks();
		if (cpu < 0 || this.cpu < 0 || blocks < 0 || this.blocks < 0) {
			figures.unavailable();
			return ThreadCosts.UNAVAILABLE;
		}
		long polls = 1 + blocks - this.blocks;
		long bytes = (this.allocated >= 0) ? ThreadCosts.allocated() - this.allocated : 0;
		figures.add(now - this.nanos, cpu - this.cpu, polls, bytes);
		return polls;
	}

}
