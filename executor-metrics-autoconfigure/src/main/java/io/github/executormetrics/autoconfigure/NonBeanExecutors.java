// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Makes executors known that are no beans, decorated where that can be, unless a property
 * leaves them alone.
 */
final class NonBeanExecutors {

	private final ExecutorRegistry registry;

	private final ExecutorDecorator decorator;

	private final ExecutorMetricsProperties properties;

	NonBeanExecutors(ExecutorRegistry registry, ExecutorDecorator decorator, ExecutorMetricsProperties properties) {
		this.registry = registry;
		this.decorator = decorator;
		this.properties = properties;
	}

	/**
	 * Make an executor known whose state alone is seen, or not even that.
	 * @param name its name
	 * @param type its class
	 * @param origin where it comes from
	 * @param state what it tells, or null where it tells nothing
	 * @param reason why no more is seen
	 * @return its entry, to be removed when it has come to its end, or null where nothing
	 * is metered at all
	 */
	@Nullable MonitoredExecutor add(String name, Class<?> type, ExecutorOrigin origin, @Nullable ExecutorState state,
			String reason) {
		if (!this.properties.enabled()) {
			return null;
		}
		MonitoredExecutor executor = this.registry.obtain(name, type,
				(state != null) ? state.limit() : ExecutorState.NONE, origin);
		String left = this.properties.reasonToLeave(name);
		if (left == null && state != null) {
			executor.add(state);
			executor.cover(Coverage.STATE, reason);
		}
		else {
			executor.cover(Coverage.NONE, (left != null) ? left : reason);
		}
		this.registry.add(executor);
		return executor;
	}

	/**
	 * Forget an executor.
	 * @param executor what {@link #add} gave
	 */
	void remove(@Nullable MonitoredExecutor executor) {
		if (executor != null) {
			this.registry.remove(executor);
		}
	}

	/**
	 * Decorate an executor, so that its tasks are seen.
	 * @param executor the executor
	 * @param name its name
	 * @param origin where it comes from
	 * @param seen what is to be said of tasks that are seen
	 * @return what takes its place, the same where it is left alone
	 */
	Object decorate(Executor executor, String name, ExecutorOrigin origin, String seen) {
		if (!this.properties.enabled()) {
			return executor;
		}
		String left = this.properties.reasonToLeave(name);
		if (left != null) {
			this.decorator.leave(executor, name, left, origin);
			return executor;
		}
		Object decorated = this.decorator.decorate(executor, name, null, origin);
		MonitoredExecutor entry = this.registry.find(name, origin);
		if (entry != null && entry.coverage() == Coverage.TASKS) {
			entry.cover(Coverage.TASKS, seen);
		}
		return decorated;
	}

	/**
	 * Make an executor known of which nothing is seen.
	 * @param executor the executor
	 * @param name its name
	 * @param origin where it comes from
	 * @param reason why
	 */
	void leave(Executor executor, String name, ExecutorOrigin origin, String reason) {
		if (this.properties.enabled()) {
			this.decorator.leave(executor, name, reason, origin);
		}
	}

	/**
	 * Whether the tasks of an executor are counted by another name.
	 * @param executor the executor
	 * @return whether it was decorated
	 */
	boolean isKnown(Executor executor) {
		return this.decorator.find(executor) != null;
	}

	/**
	 * Forget an executor, decorated or not.
	 * @param name the name it was given
	 * @param origin where it comes from
	 */
	void remove(String name, ExecutorOrigin origin) {
		this.decorator.forget(name, origin);
	}

}
