// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

import org.jspecify.annotations.Nullable;

/**
 * Reads what the current thread has used so far. A virtual thread is told nothing of, and
 * a reading of the CPU time costs half a microsecond, so only some tasks are looked at.
 */
final class ThreadCosts {

	/**
	 * What cannot be read.
	 */
	static final long UNAVAILABLE = -1;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final boolean CPU = THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

	private static final com.sun.management.@Nullable ThreadMXBean ALLOCATIONS = allocations();

	private ThreadCosts() {
	}

	private static com.sun.management.@Nullable ThreadMXBean allocations() {
		try {
			return (THREADS instanceof com.sun.management.ThreadMXBean threads
					&& threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled()) ? threads
							: null;
		}
		catch (LinkageError ex) {
			// a JVM without these
			return null;
		}
	}

	/**
	 * The CPU time of the current thread.
	 * @return nanoseconds, or {@link #UNAVAILABLE}
	 */
	static long cpu() {
		return CPU ? THREADS.getCurrentThreadCpuTime() : UNAVAILABLE;
	}

	/**
	 * How often the current thread blocked or waited.
	 * @return the number, or {@link #UNAVAILABLE}
	 */
	static long blocks() {
		long id = Threads.id(Thread.currentThread());
		// a thread of the user's may say any id
		ThreadInfo info = (id > 0) ? THREADS.getThreadInfo(id) : null;
		return (info != null) ? info.getBlockedCount() + info.getWaitedCount() : UNAVAILABLE;
	}

	static boolean isAllocationKnown() {
		return ALLOCATIONS != null;
	}

	/**
	 * What the current thread has allocated.
	 * @return bytes, or {@link #UNAVAILABLE}
	 */
	static long allocated() {
		return (ALLOCATIONS != null) ? ALLOCATIONS.getCurrentThreadAllocatedBytes() : UNAVAILABLE;
	}

}
