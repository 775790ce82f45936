// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A task that holds a worker until it is let go.
 */
public final class Hold implements Runnable, AutoCloseable {

	private final CountDownLatch started = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile boolean interrupted;

	public static Hold on(Executor executor) {
		Hold hold = new Hold();
		executor.execute(hold);
		hold.awaitStart();
		return hold;
	}

	/**
	 * Run one to its end, so that a later one is none that never ends.
	 */
	public static void once(Executor executor) {
		Hold hold = on(executor);
		hold.close();
		hold.awaitEnd();
	}

	@Override
	public void run() {
		this.started.countDown();
		try {
			this.released.await();
		}
		catch (InterruptedException ex) {
			this.interrupted = true;
		}
		this.ended.countDown();
	}

	public void awaitStart() {
		await(this.started);
	}

	void awaitEnd() {
		await(this.ended);
	}

	boolean endsWithin(long millis) {
		try {
			return this.ended.await(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	boolean isInterrupted() {
		return this.interrupted;
	}

	@Override
	public void close() {
		this.released.countDown();
	}

	/**
	 * Wait as a task does: an interrupt ends it.
	 */
	public static void until(CountDownLatch released) {
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	public static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
