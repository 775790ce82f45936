// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import org.jspecify.annotations.Nullable;

/**
 * Names every task that a call submits, where the tasks themselves are made by others:
 *
 * <pre class="code">
 * try (TaskNameScope scope = TaskNameScope.open("nightly mails")) {
 * 	mails.sendAll();
 * }
 * </pre>
 *
 * Holds for the thread that opened it, until it is closed by the same thread; the
 * innermost scope counts. It does not reach into the tasks: what they submit goes by its
 * own name. A {@link NamedTask} keeps its name.
 *
 * @since 0.1.0
 */
public final class TaskNameScope implements AutoCloseable {

	private static final ThreadLocal<@Nullable TaskNameScope> CURRENT = new ThreadLocal<>();

	// most applications open none, and are to pay for none
	private static volatile boolean used;

	private final @Nullable String name;

	private final Thread thread = Thread.currentThread();

	private final @Nullable TaskNameScope outer = CURRENT.get();

	private boolean closed;

	private TaskNameScope(@Nullable String name) {
		this.name = name;
	}

	/**
	 * Name the tasks that this thread submits from now on.
	 * @param name what to call them
	 * @return the scope to close
	 * @throws IllegalArgumentException if the name is blank
	 */
	public static TaskNameScope open(String name) {
		used = true;
		return enter(check(name));
	}

	/**
	 * Let the tasks that this thread submits from now on go by their own names, whatever
	 * scope is open.
	 * @return the scope to close
	 */
	public static TaskNameScope none() {
		return enter(null);
	}

	private static TaskNameScope enter(@Nullable String name) {
		TaskNameScope scope = new TaskNameScope(name);
		CURRENT.set(scope);
		return scope;
	}

	/**
	 * The name that tasks of this thread get now.
	 * @return the name of the innermost scope, or null where there is none
	 */
	public static @Nullable String current() {
		if (!used) {
			return null;
		}
		TaskNameScope scope = CURRENT.get();
		return (scope != null) ? scope.name : null;
	}

	/**
	 * Go back to the scope around this one, if any. Closing it once more does nothing.
	 * @throws IllegalStateException if another thread has opened it
	 */
	@Override
	public void close() {
		if (Thread.currentThread() != this.thread) {
			throw new IllegalStateException("The scope of the task name '" + this.name + "' was opened by thread "
					+ this.thread.getName() + ", which must close it");
		}
		if (this.closed) {
			return;
		}
		this.closed = true;
		TaskNameScope open = this.outer;
		while (open != null && open.closed) {
			// closed out of order
			open = open.outer;
		}
		if (CURRENT.get() == this) {
			if (open != null) {
				CURRENT.set(open);
			}
			else {
				CURRENT.remove();
			}
		}
	}

	static String check(@Nullable String name) {
		if (name == null || name.isBlank()) {
			throw new IllegalArgumentException("The task name '" + name + "' is not allowed: it must not be blank");
		}
		return name;
	}

}
