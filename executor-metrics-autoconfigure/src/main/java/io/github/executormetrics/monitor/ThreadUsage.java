// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

import io.github.executormetrics.task.Threads;

/**
 * What one thread has used, as far as it was read last. The JVM counts waits and blocks
 * always, and tells nothing of virtual threads. A reading takes some five microseconds
 * and stops no thread.
 */
final class ThreadUsage {

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final boolean CPU = THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

	private final boolean told;

	private long parks;

	private long unparks;

	private long blocks;

	private long cpuNanos;

	/**
	 * Create the usage of a thread that was not read yet.
	 * @param told whether the executor tells of the thread, which does not do so itself
	 */
	ThreadUsage(boolean told) {
		this.told = told;
	}

	boolean isTold() {
		return this.told;
	}

	/**
	 * Read what a thread has used by now.
	 * @param thread the thread
	 * @return whether it is told of: it lives, and is no virtual one
	 */
	boolean read(Thread thread) {
		try {
			return readSafely(thread);
		}
		catch (Throwable ex) {
			// what cannot be read of a thread keeps it from no work
			return false;
		}
	}

	private synchronized boolean readSafely(Thread thread) {
		long id = Threads.id(thread);
		ThreadInfo info = (id > 0) ? THREADS.getThreadInfo(id) : null;
		if (info == null) {
			return false;
		}
		long waits = info.getWaitedCount();
		// the state tells of a wait before it is counted, hence never less than before
		this.parks = Math.max(this.parks, waits);
		this.unparks = Math.max(this.unparks, isWaiting(info.getThreadState()) ? waits - 1 : waits);
		this.blocks = Math.max(this.blocks, info.getBlockedCount());
		if (CPU) {
			this.cpuNanos = Math.max(this.cpuNanos, THREADS.getThreadCpuTime(id));
		}
		return true;
	}

	synchronized WorkerUsage plus(WorkerUsage sum) {
		return new WorkerUsage(sum.started(), sum.ended(), sum.parks() + this.parks, sum.unparks() + this.unparks,
				sum.blocks() + this.blocks, sum.cpuNanos() + this.cpuNanos);
	}

	private static boolean isWaiting(Thread.State state) {
		return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
	}

}
