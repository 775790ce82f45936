// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what is timed before there is a registry, so that the tasks of the start-up are
 * not missing from the timers. Takes no lock. Bounded: an application that never brings a
 * registry loses the timings past the bound, not the counts, and pays a read for each
 * from then on.
 */
final class EarlyTimers implements TaskTimers {

	private static final int MAX = 10_000;

	private final Queue<Consumer<TaskTimers>> kept = new ConcurrentLinkedQueue<>();

	private final AtomicInteger room = new AtomicInteger(MAX);

	private volatile @Nullable TaskTimers target;

	@Override
	public void recordWait(long nanos) {
		TaskTimers target = this.target;
		if (target != null) {
			target.recordWait(nanos);
		}
		else if (hasRoom()) {
			keep((timers) -> timers.recordWait(nanos));
		}
	}

	@Override
	public void recordRun(long nanos, boolean failed) {
		TaskTimers target = this.target;
		if (target != null) {
			target.recordRun(nanos, failed);
		}
		else if (hasRoom()) {
			keep((timers) -> timers.recordRun(nanos, failed));
		}
	}

	@Override
	public void recordPolls(long polls) {
		TaskTimers target = this.target;
		if (target != null) {
			target.recordPolls(polls);
		}
		else if (hasRoom()) {
			keep((timers) -> timers.recordPolls(polls));
		}
	}

	void forwardTo(TaskTimers timers) {
		this.target = timers;
		handOn(timers);
	}

	private boolean hasRoom() {
		// read first, since it stays full where nobody ever comes
		return this.room.get() > 0 && this.room.getAndDecrement() > 0;
	}

	private void keep(Consumer<TaskTimers> record) {
		this.kept.add(record);
		TaskTimers target = this.target;
		if (target != null) {
			// it came meanwhile, and may have looked before this was there
			handOn(target);
		}
	}

	private void handOn(TaskTimers timers) {
		for (Consumer<TaskTimers> record = this.kept.poll(); record != null; record = this.kept.poll()) {
			record.accept(timers);
		}
	}

}
