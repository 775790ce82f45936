// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.VirtualThreads;

/**
 * How long a virtual thread waits for a carrier, found out by starting one: at most one
 * at a time and two a second, and none while nobody asks.
 */
final class VirtualThreadProbe {

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

	// until the next look of the watch
	private static final long FRESH = TimeUnit.SECONDS.toNanos(2);

	private final AtomicReference<@Nullable Probe> last = new AtomicReference<>();

	private final AtomicLong started = new AtomicLong();

	/**
	 * For how long the last one waits or waited. Starts the next one.
	 * @param now the current {@link System#nanoTime()}
	 * @return nanoseconds, 0 where none was started lately
	 */
	long waited(long now) {
		Probe last = this.last.get();
		long waited = (last != null) ? last.waited : 0;
		if (last != null && waited < 0) {
			return Math.max(0, now - last.at);
		}
		long over = (last != null) ? now - last.at - waited : Long.MAX_VALUE;
		if (over >= PAUSE) {
			Probe next = new Probe();
			if (this.last.compareAndSet(last, next) && !VirtualThreads.start(next)) {
				next.waited = 0;
			}
		}
		return (over < FRESH) ? waited : 0;
	}

	/**
	 * How many have started.
	 * @return a number that never falls
	 */
	long started() {
		return this.started.get();
	}

	private final class Probe implements Runnable {

		private final long at = System.nanoTime();

		private volatile long waited = -1;

		@Override
		public void run() {
			this.waited = Math.max(0, System.nanoTime() - this.at);
			VirtualThreadProbe.this.started.incrementAndGet();
		}

	}

}
