// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;

/**
 * How old the oldest queued task is at least, where the queue does not tell: of the first
 * n + 1 tasks that came, one still waits when n have started, whatever the order of the
 * queue. For the watch's thread only.
 */
final class ArrivalTrail {

	// ten minutes; where it is full, later tasks look younger than they are
	private static final int TICKS_AT_MOST = 600;

	private final Deque<Arrivals> ticks = new ArrayDeque<>();

	private long lastArrived;

	// tasks that left the queue without a start: the oldest ones, as far as is known
	private long withdrawn;

	/**
	 * Take one look's counts.
	 * @param sample what was seen
	 * @return the age in nanoseconds, or {@link ExecutorState#NONE} where nothing is
	 * queued or nobody counts what has started
	 */
	long look(ExecutorSample sample) {
		if (sample.queued() <= 0 || sample.started() == ExecutorState.NONE) {
			this.ticks.clear();
			this.withdrawn = 0;
			return ExecutorState.NONE;
		}
		long arrived = sample.started() + sample.queued();
		if (!this.ticks.isEmpty() && arrived < this.lastArrived) {
			this.withdrawn += this.lastArrived - arrived;
		}
		boolean more = this.ticks.isEmpty() || arrived > this.lastArrived;
		this.lastArrived = arrived;
		if (more && this.ticks.size() < TICKS_AT_MOST) {
			this.ticks.addLast(new Arrivals(sample.nanos(), arrived + this.withdrawn));
		}
		while (!this.ticks.isEmpty() && this.ticks.getFirst().count() - this.withdrawn <= sample.started()) {
			this.ticks.removeFirst();
		}
		return !this.ticks.isEmpty() ? sample.nanos() - this.ticks.getFirst().nanos() : 0;
	}

	/**
	 * What one look counted.
	 *
	 * @param nanos when
	 * @param count tasks that had come by then, those that were withdrawn before included
	 */
	private record Arrivals(long nanos, long count) {

	}

}
