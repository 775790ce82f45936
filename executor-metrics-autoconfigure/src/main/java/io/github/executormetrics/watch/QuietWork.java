package io.github.executormetrics.watch;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Remembers what an executor had to do while nothing was wrong with it, so that what is
 * different when something is can be told. Takes a mark at every tenth look at which
 * something runs, and keeps the last seven. Idle looks do not count: what comes once a
 * minute is held against the next time that it comes.
 */
final class QuietWork {

	private static final int LOOKS_BETWEEN = 10;

	private static final int MARKS = 7;

	private final Deque<Marked> marks = new ArrayDeque<>();

	private @Nullable Workload last;

	private int looks;

	private long nanos;

	/**
	 * Take a look at which nothing was wrong.
	 * @param executor the executor
	 * @param tick what lies between the last two samples
	 */
	void look(MonitoredExecutor executor, Look tick) {
		this.nanos += tick.elapsedNanos();
		if (this.looks++ % LOOKS_BETWEEN == 0) {
			this.marks.addLast(new Marked(WorkMark.of(executor, tick.after()), this.nanos));
			if (this.marks.size() > MARKS) {
				this.marks.removeFirst();
			}
		}
	}

	/**
	 * Something is wrong: what is counted from now on is not quiet.
	 * @return the work until now, that of an earlier quiet time where this one was short;
	 * null where too little was seen
	 */
	@Nullable Workload end() {
		if (this.marks.size() > 1) {
			Marked first = this.marks.getFirst();
			Marked latest = this.marks.getLast();
			this.last = Workload.between(first.mark(), latest.mark(), latest.nanos() - first.nanos());
		}
		this.marks.clear();
		this.looks = 0;
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
