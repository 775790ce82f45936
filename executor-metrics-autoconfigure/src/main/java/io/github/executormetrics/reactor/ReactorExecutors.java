// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * The schedulers of Reactor as executors of one application, from {@link #open} to
 * {@link #close()}: those whose workers were hooked before, and each that comes.
 * Schedulers with the same prefix of their threads are one executor.
 */
public final class ReactorExecutors implements AutoCloseable {

	/**
	 * How many names of schedulers are kept apart, Reactor's own not counted.
	 */
	static final int MAX_NAMES = 20;

	private static final Set<String> OWN = Set.of("reactor-boundedElastic", "reactor-parallel", "reactor-single");

	private static final String OTHER = "reactor-other";

	private final SchedulerHook hook;

	private final ExecutorRegistry registry;

	private final Function<String, @Nullable String> reasonToLeave;

	// under the lock of the hook
	private final Map<KnownScheduler, MonitoredExecutor> executors = new HashMap<>();

	private ReactorExecutors(ExecutorRegistry registry, Function<String, @Nullable String> reasonToLeave,
			SchedulerHook hook) {
		this.hook = hook;
		this.registry = registry;
		this.reasonToLeave = reasonToLeave;
	}

	/**
	 * Make schedulers known from now on.
	 * @param registry where
	 * @param reasonToLeave tells for a name why that executor is left alone, or null
	 * @return what to close when the application ends
	 */
	public static ReactorExecutors open(ExecutorRegistry registry, Function<String, @Nullable String> reasonToLeave) {
		return open(registry, reasonToLeave, SchedulerHook.INSTANCE);
	}

	static ReactorExecutors open(ExecutorRegistry registry, Function<String, @Nullable String> reasonToLeave,
			SchedulerHook hook) {
		ReactorExecutors executors = new ReactorExecutors(registry, reasonToLeave, hook);
		hook.open(executors);
		return executors;
	}

	@Override
	public void close() {
		this.hook.close(this);
	}

	/**
	 * Get the executor that a scheduler is, which becomes known.
	 * @param scheduler the scheduler
	 * @return its entry, or null where it is left alone
	 */
	@Nullable MonitoredExecutor obtain(KnownScheduler scheduler) {
		MonitoredExecutor executor = this.executors.get(scheduler);
		if (executor == null) {
			executor = add(scheduler);
			this.executors.put(scheduler, executor);
		}
		return (this.reasonToLeave.apply(executor.name()) == null) ? executor : null;
	}

	private MonitoredExecutor add(KnownScheduler scheduler) {
		String name = bounded(scheduler.name());
		MonitoredExecutor executor = this.registry.obtain(name, scheduler.type(), scheduler.limit(),
				ExecutorOrigin.REACTOR);
		String left = this.reasonToLeave.apply(executor.name());
		if (left == null) {
			executor.add(scheduler.state(executor.recorder()));
		}
		executor.cover((left != null) ? Coverage.NONE : scheduler.coverage(),
				(left != null) ? left : scheduler.reason());
		this.registry.add(executor);
		return executor;
	}

	private String bounded(String name) {
		Set<String> users = new HashSet<>();
		this.executors.values().stream().map(MonitoredExecutor::name).forEach(users::add);
		users.removeAll(OWN);
		return (OWN.contains(name) || users.contains(name) || users.size() < MAX_NAMES) ? name : OTHER;
	}

	/**
	 * Forget a scheduler, and its executor where it was the last of that name.
	 * @param scheduler the scheduler
	 */
	void remove(KnownScheduler scheduler) {
		MonitoredExecutor executor = this.executors.remove(scheduler);
		if (executor != null && !this.executors.containsValue(executor)) {
			this.registry.remove(executor);
		}
	}

}
