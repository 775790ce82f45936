package io.github.executormetrics.autoconfigure;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Makes executors known that are no beans and cannot be decorated, unless a property
 * leaves them alone.
 */
final class NonBeanExecutors {

	private final ExecutorRegistry registry;

	private final ExecutorMetricsProperties properties;

	NonBeanExecutors(ExecutorRegistry registry, ExecutorMetricsProperties properties) {
		this.registry = registry;
		this.properties = properties;
	}

	/**
	 * Make an executor known whose state alone is seen.
	 * @param name its name
	 * @param type its class
	 * @param origin where it comes from
	 * @param state what it tells
	 * @param reason why no more than its state is seen
	 * @return its entry, to be removed when it has come to its end, or null where nothing
	 * is metered at all
	 */
	@Nullable MonitoredExecutor add(String name, Class<?> type, ExecutorOrigin origin, ExecutorState state, String reason) {
		if (!this.properties.enabled()) {
			return null;
		}
		MonitoredExecutor executor = this.registry.obtain(name, type, state.limit(), origin);
		String left = this.properties.reasonToLeave(name);
		if (left == null) {
			executor.add(state);
		}
		executor.cover((left != null) ? Coverage.NONE : Coverage.STATE, (left != null) ? left : reason);
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

}
