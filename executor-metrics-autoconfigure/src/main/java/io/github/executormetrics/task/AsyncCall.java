// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;

/**
 * A call of an {@code @Async} method, which Spring turns into a task: names that task,
 * and knows of the error that a method without a result keeps to itself. The task it
 * becomes takes it from the calling thread.
 */
public final class AsyncCall implements HiddenFailure {

	private static final ThreadLocal<@Nullable AsyncCall> CURRENT = new ThreadLocal<>();

	// most threads of most applications call no such method
	private static volatile boolean used;

	private final String name;

	private boolean taken;

	// written and read by the thread that runs the method
	private @Nullable Throwable failure;

	private AsyncCall(String name) {
		this.name = name;
	}

	/**
	 * Say that this thread is about to submit the call of a method.
	 * @param name the method's name
	 * @return the call, for {@link #left()} once that is done
	 */
	public static AsyncCall entered(String name) {
		used = true;
		AsyncCall call = new AsyncCall(name);
		CURRENT.set(call);
		return call;
	}

	/**
	 * Say that the submission is over, whether or not a task of ours came of it.
	 */
	public void left() {
		if (CURRENT.get() == this) {
			CURRENT.remove();
		}
	}

	/**
	 * Say that the method starts, on the thread that runs it. Where no task of ours took
	 * the call, an executor that is left alone may run it inline: what the method submits
	 * is not this call.
	 */
	public void started() {
		if (!this.taken) {
			left();
		}
	}

	/**
	 * Say that the method threw.
	 * @param failure what it threw
	 */
	public void failed(Throwable failure) {
		this.failure = failure;
	}

	String name() {
		return this.name;
	}

	@Override
	public @Nullable Throwable failure() {
		return this.failure;
	}

	/**
	 * Take the call that this thread submits. The first task has it: what that submits in
	 * turn, if it runs inline, is another.
	 * @return the call, or null
	 */
	static @Nullable AsyncCall take() {
		if (!used) {
			return null;
		}
		AsyncCall call = CURRENT.get();
		if (call != null) {
			CURRENT.remove();
			call.taken = true;
		}
		return call;
	}

}
