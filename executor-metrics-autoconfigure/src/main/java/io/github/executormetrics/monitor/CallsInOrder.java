// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Makes calls one after the other, in the order in which they were added, and never two
 * at once. No thread waits for another: the one that makes a call makes those too that
 * are added meanwhile, so a call that hangs holds up its own thread only.
 */
public final class CallsInOrder {

	private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

	private final AtomicInteger wanted = new AtomicInteger();

	/**
	 * Adds a call.
	 * @param call what to call, once {@link #make()} comes to it
	 */
	public void add(Runnable call) {
		this.calls.add(new Call(call, Thread.currentThread()));
	}

	/**
	 * Makes the calls that were added, unless another thread is about it, which then
	 * makes them. What a call throws is thrown here if this thread has added it, and lost
	 * otherwise.
	 */
	public void make() {
		if (this.wanted.getAndIncrement() != 0) {
			return;
		}
		Throwable thrown = null;
		int made = 1;
		while (made != 0) {
			for (Call call = this.calls.poll(); call != null; call = this.calls.poll()) {
				Throwable failure = call.make();
				thrown = (thrown != null) ? thrown : failure;
			}
			made = this.wanted.addAndGet(-made);
		}
		if (thrown instanceof Error error) {
			throw error;
		}
		if (thrown instanceof RuntimeException exception) {
			throw exception;
		}
	}

	private record Call(Runnable call, Thread thread) {

		@Nullable Throwable make() {
			try {
				this.call.run();
				return null;
			}
			catch (Throwable ex) {
				return (this.thread == Thread.currentThread()) ? ex : null;
			}
		}

	}

}
