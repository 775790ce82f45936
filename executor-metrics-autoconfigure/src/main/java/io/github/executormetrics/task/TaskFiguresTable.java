// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * The figures of one slot by the index of the task's name, made as names come.
 */
final class TaskFiguresTable {

	private volatile AtomicReferenceArray<@Nullable TaskFigures> figures = new AtomicReferenceArray<>(0);

	/**
	 * Find the figures of a name.
	 * @param index the index of the name
	 * @return its figures, or null where no task of that name has come here
	 */
	@Nullable TaskFigures find(int index) {
		AtomicReferenceArray<@Nullable TaskFigures> figures = this.figures;
		return (index < figures.length()) ? figures.get(index) : null;
	}

	/**
	 * Sum up a figure of all names.
	 * @param value gives the figure
	 * @return the sum
	 */
	long sum(ToLongFunction<TaskFigures> value) {
		AtomicReferenceArray<@Nullable TaskFigures> all = this.figures;
		long sum = 0;
		for (int i = 0; i < all.length(); i++) {
			TaskFigures figures = all.get(i);
			sum += (figures != null) ? value.applyAsLong(figures) : 0;
		}
		return sum;
	}

	/**
	 * Add the figures of all names to the totals.
	 * @param totals where to add
	 */
	void addTo(TaskTotals.Builder totals) {
		AtomicReferenceArray<@Nullable TaskFigures> all = this.figures;
		for (int i = 0; i < all.length(); i++) {
			TaskFigures figures = all.get(i);
			if (figures != null) {
				figures.addTo(totals);
			}
		}
	}

	/**
	 * Keep the figures of a name.
	 * @param index the index of the name
	 * @param created figures for the case that there are none
	 * @return those that are kept
	 */
	synchronized TaskFigures add(int index, TaskFigures created) {
		AtomicReferenceArray<@Nullable TaskFigures> figures = this.figures;
		if (index >= figures.length()) {
			AtomicReferenceArray<@Nullable TaskFigures> larger = new AtomicReferenceArray<>(
					Integer.highestOneBit(Math.max(2, index)) * 2);
			for (int i = 0; i < figures.length(); i++) {
				larger.setPlain(i, figures.get(i));
			}
			this.figures = larger;
			figures = larger;
		}
		TaskFigures known = figures.get(index);
		if (known == null) {
			figures.set(index, created);
		}
		return (known != null) ? known : created;
	}

}
