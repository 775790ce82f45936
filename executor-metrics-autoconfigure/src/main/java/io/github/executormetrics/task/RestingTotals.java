// SPDX-License-Identifier: Apache-2.0

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

	// those that are kept, or the mark of who reads
	private final AtomicReference<@Nullable Object> kept = new AtomicReference<>();

	/**
	 * Say that something was counted, or is about to be by a worker that shows as busy.
	 * What was written for that has to be visible before this is read.
	 */
	void invalidate() {
		// mostly nobody has read since, and a write would take the line from the others
		if (this.kept.get() != null) {
			this.kept.set(null);
		}
	}

	/**
	 * The totals, where nothing was counted since.
	 * @return the totals, or null where they are not known
	 */
	@Nullable TaskTotals find() {
		return (this.kept.get() instanceof TaskTotals totals) ? totals : null;
	}

	/**
	 * Say that the totals are about to be read.
	 * @return the mark of this reading
	 */
	Object reading() {
		Object mark = new Object();
		this.kept.set(mark);
		// what is read with less than volatile access comes later, too
		VarHandle.fullFence();
		return mark;
	}

	/**
	 * Keep what was read, unless something was counted or another one reads meanwhile.
	 * @param mark the mark of the reading
	 * @param read the totals, which no worker was busy with when their reading began
	 */
	void keep(Object mark, TaskTotals read) {
		this.kept.compareAndSet(mark, read);
	}

}
