// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * A callable with a name.
 *
 * @param <V> the type of its result
 */
final class NamedCallable<V extends @Nullable Object> implements Callable<V>, NamedTask {

	private final String name;

	private final Callable<V> task;

	NamedCallable(String name, Callable<V> task) {
		this.name = name;
		this.task = Objects.requireNonNull(task, "task");
	}

	@Override
	public String taskName() {
		return this.name;
	}

	@Override
	public V call() throws Exception {
		return this.task.call();
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

}
