// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * A task that says what to call it. Figures, spans and the log then tell of it by that
 * name, in place of the name of its class:
 *
 * <pre class="code">
 * executor.execute(NamedTask.of("import customers", () -&gt; customers.importFrom(file)));
 * </pre>
 *
 * What a {@link java.util.concurrent.CompletableFuture} runs stands inside of the
 * future's own task, which a {@link TaskNameScope} around the call names.
 * <p>
 * An application's own task may as well implement this interface. At most
 * {@code executor-metrics.tasks.max-names} names are kept apart, so a name says what kind
 * of task it is and holds no number or key.
 *
 * @since 0.1.0
 * @see TaskNameScope
 */
public interface NamedTask {

	/**
	 * What to call the task. Asked on the thread that submits it, at each submission.
	 * @return the name; null or a blank one is as none
	 */
	@Nullable String taskName();

	/**
	 * Name a task.
	 * @param name what to call it
	 * @param task the task
	 * @return a task to submit in its place; where the task is comparable, it compares
	 * with others that are named so
	 * @throws IllegalArgumentException if the name is blank
	 */
	static Runnable of(String name, Runnable task) {
		String checked = TaskNameScope.check(name);
		return (task instanceof Comparable<?>) ? new NamedRunnable.Ordered(checked, task)
				: new NamedRunnable(checked, task);
	}

	/**
	 * Name a task.
	 * @param <V> the type of its result
	 * @param name what to call it
	 * @param task the task
	 * @return a task to submit in its place
	 * @throws IllegalArgumentException if the name is blank
	 */
	static <V extends @Nullable Object> Callable<V> of(String name, Callable<V> task) {
		return new NamedCallable<>(TaskNameScope.check(name), task);
	}

}
