// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import org.jspecify.annotations.Nullable;

/**
 * A question to an executor, which may never answer. There is no second one meanwhile, so
 * that an executor costs at most one waiting thread.
 */
public final class PendingReading {

	private final MonitoredExecutor executor;

	private final Runnable work;

	private volatile @Nullable Thread thread;

	private volatile @Nullable Throwable failure;

	/**
	 * Create a question, which may be put many times, one after the other.
	 * @param executor to whom
	 * @param work reads the executor and keeps the answer; runs on any thread
	 */
	public PendingReading(MonitoredExecutor executor, Runnable work) {
		this.executor = executor;
		this.work = work;
	}

	/**
	 * Claim the executor.
	 * @return whether the question may be put; else another one has not been answered yet
	 */
	public boolean prepare() {
		boolean mayAsk = this.executor.openQuestion().compareAndSet(null, this);
		if (mayAsk) {
			this.failure = null;
		}
		return mayAsk;
	}

	void answer() {
		this.thread = Thread.currentThread();
		try {
			this.work.run();
		}
		catch (Throwable ex) {
			this.failure = ex;
		}
		finally {
			this.thread = null;
			drop();
		}
	}

	void drop() {
		this.executor.openQuestion().set(null);
	}

	/**
	 * The thread that waits for the answer.
	 * @return the thread, or null where the question is not being asked
	 */
	public @Nullable Thread thread() {
		return this.thread;
	}

	/**
	 * What was thrown in place of an answer, when the question was put last.
	 * @return what was thrown, or null
	 */
	public @Nullable Throwable failure() {
		return this.failure;
	}

}
