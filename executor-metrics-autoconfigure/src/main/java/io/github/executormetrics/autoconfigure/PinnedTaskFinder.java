// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.PinnedTasks;
import io.github.executormetrics.monitor.PinnedTasks.Pinned;
import io.github.executormetrics.task.TaskName;

/**
 * Finds the executor and the task of a virtual thread that was pinned. What is of no
 * known executor counts at the JDK's scheduler.
 */
final class PinnedTaskFinder {

	private final ExecutorRegistry registry;

	private final PinnedTasks others;

	PinnedTaskFinder(ExecutorRegistry registry, PinnedTasks others) {
		this.registry = registry;
		this.others = others;
	}

	/**
	 * Count a virtual thread that was pinned.
	 * @param threadId its id
	 * @param pinned what is known of it
	 */
	void pinned(long threadId, Pinned pinned) {
		// in the middle, since the two clocks differ by a little
		Duration ago = Duration.between(pinned.at(), Instant.now()).minusNanos(pinned.nanos() / 2);
		long nanos = System.nanoTime() - ago.toNanos();
		for (MonitoredExecutor executor : this.registry.all()) {
			TaskName task = executor.recorder().findTask(threadId, nanos);
			PinnedTasks tasks = executor.pinned();
			if (task != null && tasks != null) {
				tasks.add(named(pinned, task.value()));
				return;
			}
		}
		this.others.add(pinned);
	}

	private static Pinned named(Pinned pinned, @Nullable String task) {
		return new Pinned(pinned.at(), pinned.nanos(), task, pinned.thread(), pinned.place(), pinned.reason());
	}

}
