// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.PinnedTasks;

/**
 * The tasks that blocked and kept the carrier of their virtual thread.
 *
 * @param count how often, since the start
 * @param longestMillis for how long the longest was
 * @param last the last ones, at most ten, the newest first
 * @since 0.1.0
 */
public record PinnedDescriptor(long count, double longestMillis, List<PinnedTaskDescriptor> last) {

	static @Nullable PinnedDescriptor of(@Nullable PinnedTasks pinned, boolean showStacks) {
		return (pinned != null)
				? new PinnedDescriptor(pinned.count(), ExecutorDescriptor.millis(pinned.longestNanos()),
						pinned.last().stream().map((task) -> PinnedTaskDescriptor.of(task, showStacks)).toList())
				: null;
	}

	/**
	 * A task that was pinned.
	 *
	 * @param at since when
	 * @param millis for how long
	 * @param task its name, left out where no executor is known that ran it
	 * @param thread the name of its thread, left out where stacks are not shown
	 * @param reason why, as the JDK says it, left out before JDK 24
	 * @param place where it blocked, left out where stacks are not shown
	 */
	public record PinnedTaskDescriptor(Instant at, double millis, @Nullable String task, @Nullable String thread,
			@Nullable String reason, @Nullable String place) {

		private static PinnedTaskDescriptor of(PinnedTasks.Pinned pinned, boolean showStacks) {
			return new PinnedTaskDescriptor(pinned.at(), ExecutorDescriptor.millis(pinned.nanos()), pinned.task(),
					showStacks ? pinned.thread() : null, pinned.reason(), showStacks ? pinned.place() : null);
		}

	}

}
