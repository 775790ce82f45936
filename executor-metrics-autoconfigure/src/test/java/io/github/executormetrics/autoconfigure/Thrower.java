// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What one call into user code throws, once it is armed.
 */
final class Thrower {

	private final String call;

	private final Thrown thrown;

	private final AtomicInteger calls = new AtomicInteger();

	private volatile boolean armed;

	/**
	 * Create one that is not armed.
	 * @param call the call that is to throw
	 * @param thrown what it throws
	 */
	Thrower(String call, Thrown thrown) {
		this.call = call;
		this.thrown = thrown;
	}

	Thrower armed() {
		this.armed = true;
		return this;
	}

	void disarm() {
		this.armed = false;
	}

	String call() {
		return this.call;
	}

	/** How often the call was made and threw. */
	int calls() {
		return this.calls.get();
	}

	/** Say that a call is made, which throws if it is the one. */
	void at(String call) {
		if (this.armed && this.call.equals(call)) {
			this.calls.incrementAndGet();
			throw Thrower.<RuntimeException>unseen(this.thrown.make.get());
		}
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <E extends Throwable> E unseen(Throwable ex) throws E {
		throw (E) ex;
	}

	/**
	 * What code may throw.
	 */
	enum Thrown {

		EXCEPTION(() -> new IllegalStateException("user")),

		CHECKED_EXCEPTION(() -> new Exception("user")),

		ASSERTION(() -> new AssertionError("user")),

		LINKAGE(() -> new NoClassDefFoundError("user")),

		STACK_OVERFLOW(() -> new StackOverflowError("user")),

		OUT_OF_MEMORY(() -> new OutOfMemoryError("user")),

		THREAD_DEATH(ThreadDeath::new),

		// a log that prints it fails in turn
		UNSPEAKABLE(Unspeakable::new);

		private final Supplier<Throwable> make;

		Thrown(Supplier<Throwable> make) {
			this.make = make;
		}

	}

	private static final class Unspeakable extends Error {

		@Override
		public String getMessage() {
			throw new Unspeakable();
		}

		@Override
		public String toString() {
			throw new Unspeakable();
		}

	}

}
