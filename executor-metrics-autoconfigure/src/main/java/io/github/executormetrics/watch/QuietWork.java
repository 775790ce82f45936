package io.github.executormetrics.watch;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Remembers what an executor had to do while nothing was wrong with it, so that what is
 * different when something is can be told. Takes a mark at every tenth look at which
 * something runs, and keeps those of the last minute of looks.
 */
final class QuietWork {

	private static final int LOOKS_BETWEEN = 10;

	private static final int MARKS = 7;

	private final Deque<WorkMark> marks = new ArrayDeque<>();

	private int looks;

	/**
	 * Take a look at which nothing was wrong.
	 * @param executor the executor
	 * @param sample what was read
	 */
	void look(MonitoredExecutor executor, ExecutorSample sample) {
		if (this.looks++ % LOOKS_BETWEEN == 0) {
			this.marks.addLast(WorkMark.of(executor, sample));
			if (this.marks.size() > MARKS) {
				this.marks.removeFirst();
			}
		}
	}

	/**
	 * The work between the oldest mark and the latest.
	 * @return the work, or null where there are too few marks
	 */
	@Nullable Workload workload() {
		return (this.marks.size() > 1) ? Workload.between(this.marks.getFirst(), this.marks.getLast()) : null;
	}

}
