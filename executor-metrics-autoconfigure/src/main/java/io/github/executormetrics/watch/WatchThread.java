// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The daemon thread of the watch: calls it once an interval until it is stopped.
 */
final class WatchThread {

	private final LongSupplier nanoTime;

	private final long interval;

	private final Runnable tick;

	private volatile @Nullable Thread thread;

	/**
	 * Create a thread that is not started.
	 * @param nanoTime the clock
	 * @param interval the time between two looks in nanoseconds
	 * @param tick what to call; what it throws is lost
	 */
	WatchThread(LongSupplier nanoTime, long interval, Runnable tick) {
		this.nanoTime = nanoTime;
		this.interval = interval;
		this.tick = tick;
	}

	void start() {
		Thread thread = new Thread(this::run, "executor-metrics-watch");
		thread.setDaemon(true);
		this.thread = thread;
		thread.start();
	}

	void stop() {
		Thread thread = this.thread;
		this.thread = null;
		LockSupport.unpark(thread);
	}

	boolean isRunning() {
		return this.thread != null;
	}

	private void run() {
		Thread self = Thread.currentThread();
		long due = this.nanoTime.getAsLong() + this.interval;
		while (this.thread == self) {
			long now = this.nanoTime.getAsLong();
			if (due - now > 0) {
				LockSupport.parkNanos(this, due - now);
			}
			else {
				look();
				due = nextTick(now, this.nanoTime.getAsLong(), this.interval);
			}
		}
	}

	private void look() {
		try {
			this.tick.run();
		}
		catch (Throwable ex) {
			// a log that throws where a failure is told: the next look is taken all the
			// same
		}
	}

	/**
	 * When to look next. A late look is not made up for: each is judged over a whole
	 * interval at least, and the thread rests where looking takes longer than that.
	 * @param looked when this look began
	 * @param ended when it ended
	 * @param interval the time between two looks
	 * @return when the next one is due, all in nanoseconds of one clock
	 */
	static long nextTick(long looked, long ended, long interval) {
		return (ended - looked < interval) ? looked + interval : ended + interval;
	}

}
