// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.Objects;

/**
 * A runnable with a name.
 */
class NamedRunnable implements Runnable, NamedTask {

	private final String name;

	private final Runnable task;

	NamedRunnable(String name, Runnable task) {
		this.name = name;
		this.task = Objects.requireNonNull(task, "task");
	}

	@Override
	public String taskName() {
		return this.name;
	}

	@Override
	public void run() {
		this.task.run();
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

	/**
	 * One for a queue in natural order, where all are named.
	 */
	@SuppressWarnings("ComparableType") // whatever stands in the same queue
	static final class Ordered extends NamedRunnable implements Comparable<Runnable> {

		Ordered(String name, Runnable task) {
			super(name, task);
		}

		@Override
		@SuppressWarnings("unchecked")
		public int compareTo(Runnable other) {
			Runnable own = ((NamedRunnable) this).task;
			return ((Comparable<Object>) own).compareTo((other instanceof NamedRunnable named) ? named.task : other);
		}

	}

}
