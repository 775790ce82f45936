package io.github.executormetrics.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what is timed before there is a registry, so that the tasks of the start-up are
 * not missing from the timers. Bounded: an application that never brings a registry loses
 * the timings past the bound, not the counts.
 */
final class EarlyTimers implements TaskTimers {

	private static final int MAX = 10_000;

	private @Nullable List<Consumer<TaskTimers>> kept = new ArrayList<>();

	private @Nullable TaskTimers target;

	@Override
	public synchronized void recordWait(long nanos) {
		keep((timers) -> timers.recordWait(nanos));
	}

	@Override
	public synchronized void recordRun(long nanos, boolean failed) {
		keep((timers) -> timers.recordRun(nanos, failed));
	}

	synchronized void forwardTo(TaskTimers timers) {
		this.target = timers;
		if (this.kept != null) {
			this.kept.forEach((record) -> record.accept(timers));
			this.kept = null;
		}
	}

	private void keep(Consumer<TaskTimers> record) {
		if (this.target != null) {
			record.accept(this.target);
		}
		else if (this.kept != null && this.kept.size() < MAX) {
			this.kept.add(record);
		}
	}

}
