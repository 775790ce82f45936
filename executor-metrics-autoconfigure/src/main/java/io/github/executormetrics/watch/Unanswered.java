// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.workers.CodeLocation;

/**
 * An executor that does not answer: what is known of it is what was read last.
 *
 * @param since when it was asked
 * @param locked whether the reading waits for a lock that is held
 * @param frame where the reading waits, or null where it has gone on meanwhile
 * @param holder the name of the thread that holds the lock which the reading waits for,
 * or null where it waits for none
 * @param holderFrame where that thread stands, or null where there is none
 */
public record Unanswered(Instant since, boolean locked, @Nullable String frame, @Nullable String holder,
		@Nullable String holderFrame) {

	private static final int FRAMES_AT_MOST = 64;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	/**
	 * Look why an executor does not answer.
	 * @param executor the executor
	 * @param since when it was asked
	 * @return what is seen of the thread that asks
	 */
	static Unanswered of(MonitoredExecutor executor, Instant since) {
		Thread reader = executor.waiting();
		ThreadInfo waiting = (reader != null) ? THREADS.getThreadInfo(reader.getId(), FRAMES_AT_MOST) : null;
		if (waiting == null) {
			return new Unanswered(since, false, null, null, null);
		}
		long owner = waiting.getLockOwnerId();
		ThreadInfo holder = (owner >= 0) ? THREADS.getThreadInfo(owner, FRAMES_AT_MOST) : null;
		return new Unanswered(since, owner >= 0, CodeLocation.ofReading(List.of(waiting.getStackTrace())),
				(holder != null) ? holder.getThreadName() : null,
				(holder != null) ? CodeLocation.inCode(List.of(holder.getStackTrace())) : null);
	}

	/**
	 * What is known, for the log.
	 * @return half a sentence, empty where nothing is
	 */
	public String describe() {
		if (this.frame == null) {
			return "";
		}
		return "; the reading waits in " + this.frame + ((this.holder != null) ? ", for a lock that thread '"
				+ this.holder + "' holds" + ((this.holderFrame != null) ? " in " + this.holderFrame : "") : "");
	}

}
