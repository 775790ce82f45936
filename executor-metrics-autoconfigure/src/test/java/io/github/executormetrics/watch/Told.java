// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.concurrent.TimeUnit;

import io.github.executormetrics.monitor.ExecutorState;

/**
 * What an executor tells, as the test says.
 */
class Told implements ExecutorState {

	private int busy;

	private int idle;

	private int queued;

	private long oldest;

	private long started = NONE;

	Told workers(int busy, int idle) {
		this.busy = busy;
		this.idle = idle;
		return this;
	}

	Told queued(int tasks, long oldestMillis) {
		this.queued = tasks;
		this.oldest = TimeUnit.MILLISECONDS.toNanos(oldestMillis);
		return this;
	}

	/** The queue tells no age, but what has started is counted. */
	Told started(long tasks, int queued) {
		this.started = tasks;
		this.queued = queued;
		this.oldest = NONE;
		return this;
	}

	@Override
	public long started() {
		return this.started;
	}

	@Override
	public int busy() {
		return this.busy;
	}

	@Override
	public int idle() {
		return this.idle;
	}

	@Override
	public int limit() {
		return 2;
	}

	@Override
	public int queueDepth() {
		return this.queued;
	}

	@Override
	public long oldestQueued(long now) {
		return this.oldest;
	}

	@Override
	public boolean isGone() {
		return false;
	}

	@Override
	public boolean isAtRest() {
		return true;
	}

}
