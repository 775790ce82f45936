package io.github.executormetrics.task;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * The totals of an executor in which nothing was counted since they were read, so that
 * they need not be read again: mostly an executor is at rest, and what its workers have
 * counted is in no cache of who looks.
 * <p>
 * Who counts says so afterwards. A reader announces itself before it reads, so that of
 * the two one sees the other, and nothing is kept where somebody came in between.
 */
final class RestingTotals {

	private static final TaskTotals READING = new TaskTotals.Builder().build(0);

	private final AtomicReference<@Nullable TaskTotals> totals = new AtomicReference<>();

	/**
	 * Say that something was counted, or is about to be by a worker that shows as busy.
	 */
	void stir() {
		// mostly nobody has read since, and a write would take the line from the others
		if (this.totals.get() != null) {
			this.totals.set(null);
		}
	}

	/**
	 * The totals, where nothing was counted since.
	 * @return the totals, or null where they are not known
	 */
	@Nullable TaskTotals find() {
		TaskTotals totals = this.totals.get();
		return (totals != READING) ? totals : null;
	}

	/**
	 * Say that the totals are about to be read. For one reader only.
	 */
	void reading() {
		this.totals.set(READING);
		// what is read with less than volatile access comes later, too
		VarHandle.fullFence();
	}

	/**
	 * Keep what was read, unless something was counted meanwhile.
	 * @param read the totals, which no worker was busy with when their reading began
	 */
	void keep(TaskTotals read) {
		this.totals.compareAndSet(READING, read);
	}

}
