// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The tasks that blocked and kept the carrier of their virtual thread: how often, the
 * longest, and the last ten. Safe for use by many threads.
 */
public final class PinnedTasks {

	private static final int KEPT = 10;

	private final Deque<Pinned> last = new ArrayDeque<>();

	private long count;

	private long longestNanos;

	/**
	 * Count one.
	 * @param pinned what is known of it
	 */
	public synchronized void add(Pinned pinned) {
		this.count++;
		this.longestNanos = Math.max(this.longestNanos, pinned.nanos());
		this.last.addFirst(pinned);
		if (this.last.size() > KEPT) {
			this.last.removeLast();
		}
	}

	/**
	 * How often a task was pinned.
	 * @return a number that never falls
	 */
	public synchronized long count() {
		return this.count;
	}

	/**
	 * For how long the longest was.
	 * @return nanoseconds, 0 where none was
	 */
	public synchronized long longestNanos() {
		return this.longestNanos;
	}

	/**
	 * The last ones.
	 * @return at most ten, the newest first
	 */
	public synchronized List<Pinned> last() {
		return new ArrayList<>(this.last);
	}

	/**
	 * A task that was pinned.
	 *
	 * @param at since when
	 * @param nanos for how long
	 * @param task its name, or null where it is no task that is known
	 * @param thread the name of its thread, or its id
	 * @param place where it blocked, the JDK's own frames left out, or null
	 * @param reason why, as the JDK says it, or null
	 */
	public record Pinned(Instant at, long nanos, @Nullable String task, String thread, @Nullable String place,
			@Nullable String reason) {

	}

}
