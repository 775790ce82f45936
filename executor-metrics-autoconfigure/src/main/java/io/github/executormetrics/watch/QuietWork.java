// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * The work of an executor while no cause was bad for it, with which the work of a trouble
 * is compared. Takes a mark at every third tick at first and then at every tenth, and
 * keeps the last seven. Ticks in which nothing ran do not count: a batch that comes once
 * a minute is compared with the batch before.
 */
final class QuietWork {

	private static final int TICKS_AT_FIRST = 3;

	private static final int TICKS = 10;

	private static final int MARKS = 7;

	private final Deque<Marked> marks = new ArrayDeque<>();

	private @Nullable Workload last;

	private int ticks;

	private long nanos;

	/**
	 * Adds a tick in which no cause was bad.
	 * @param executor the executor
	 * @param tick what lies between the last two samples
	 */
	void look(MonitoredExecutor executor, Tick tick) {
		this.nanos += tick.elapsedNanos();
		if (this.ticks % TICKS == 0 || (this.ticks < TICKS && this.ticks % TICKS_AT_FIRST == 0)) {
			this.marks.addLast(new Marked(WorkMark.of(executor, tick.after()), this.nanos));
			if (this.marks.size() > MARKS) {
				this.marks.removeFirst();
			}
		}
		this.ticks++;
	}

	/**
	 * Ends the quiet time, since a cause is bad.
	 * @return the work of the quiet time, or that of an earlier one if this one was
	 * shorter than ten ticks; null if too little was seen
	 */
	@Nullable Workload end() {
		if (this.marks.size() > 1 && (this.last == null || this.ticks > TICKS)) {
			Marked first = this.marks.getFirst();
			Marked latest = this.marks.getLast();
			this.last = Workload.between(first.mark(), latest.mark(), latest.nanos() - first.nanos());
		}
		this.marks.clear();
		this.ticks = 0;
		return this.last;
	}

	/**
	 * A mark.
	 *
	 * @param mark what the tasks had come to
	 * @param nanos the time of all looks up to it
	 */
	private record Marked(WorkMark mark, long nanos) {

	}

}
