// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Registers the meters of each executor, and takes them away again.
 */
public final class ExecutorMeterBinder {

	/**
	 * Where waits and runs are counted, so that instances add up.
	 */
	static final Duration[] TIME_BUCKETS = { Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10),
			Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
			Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30),
			Duration.ofSeconds(60) };

	/**
	 * Where queue depths and polls are counted. Micrometer takes no bucket at 0, so the
	 * first one holds what is below 1.
	 */
	static final double[] COUNT_BUCKETS = { 0.5, 1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000 };

	private static final String WATCH = "(watch)";

	private final MeterRegistry registry;

	private final @Nullable String context;

	// and the lock
	private final SharedNames names;

	private final MeterGroup watchMeters;

	private final Map<MonitoredExecutor, Bound> bound = new HashMap<>();

	// what to register once its name is free
	private final Map<String, Runnable> waiting = new HashMap<>();

	private boolean ended;

	private volatile @Nullable Timer late;

	/**
	 * Create a binder. Meters that are in the registry already are used, and stay there.
	 * @param registry where to register
	 */
	public ExecutorMeterBinder(MeterRegistry registry) {
		this(registry, null);
	}

	/**
	 * Creates a binder for one of several application contexts that share a registry.
	 * @param registry where to register
	 * @param context what sets the name of an executor apart from the same name in
	 * another application context, or null where nothing does
	 */
	public ExecutorMeterBinder(MeterRegistry registry, @Nullable String context) {
		this.registry = registry;
		this.context = context;
		this.names = SharedNames.of(registry);
		this.watchMeters = new MeterGroup(registry);
	}

	/**
	 * Register all meters of an executor, and time its tasks from now on.
	 * @param executor the executor
	 */
	public void bind(MonitoredExecutor executor) {
		synchronized (this.names) {
			// one may be on its way here while the application context closes
			if (this.ended || this.bound.containsKey(executor)) {
				return;
			}
			if (isOfProcess(executor)) {
				// another context has the same executor: its tasks would be timed twice
				claim(executor.name(), () -> register(executor, executor.name(), true));
			}
			else if (this.context == null) {
				register(executor, executor.name(), this.names.take(executor.name()));
			}
			else {
				register(executor, takeName(executor.name()), true);
			}
		}
	}

	private void claim(String name, Runnable registration) {
		if (this.names.take(name)) {
			registration.run();
		}
		else {
			this.waiting.put(name, registration);
			this.names.add(this);
		}
	}

	private String takeName(String name) {
		String free = name;
		for (int i = 1; !this.names.take(free); i++) {
			free = name + "-" + this.context + ((i > 1) ? "-" + i : "");
		}
		return free;
	}

	/**
	 * Another context needs a name no more.
	 */
	void released(String name) {
		Runnable registration = this.waiting.get(name);
		if (registration != null && this.names.take(name)) {
			this.waiting.remove(name);
			registration.run();
		}
	}

	private void register(MonitoredExecutor executor, String name, boolean own) {
		ExecutorMeters meters = new ExecutorMeters(executor, Tags.of("name", name), this.registry);
		this.bound.put(executor, new Bound(name, own, meters));
		meters.register();
	}

	/**
	 * Register the meters of the watch itself. Where application contexts share the
	 * registry, they are of one watch at a time.
	 * @param watch the watch
	 * @param ticks reads how many looks it has taken
	 * @param <T> the type of the watch
	 * @return where it says how many nanoseconds late a look was
	 */
	public <T> LongConsumer bindWatch(T watch, ToDoubleFunction<T> ticks) {
		synchronized (this.names) {
			claim(WATCH, () -> {
				this.watchMeters.counter(ExecutorMeter.WATCH_TICKS, Tags.empty(), watch, ticks);
				this.late = this.watchMeters.register(Timer.builder(ExecutorMeter.WATCH_LATE.meterName())
					.description(ExecutorMeter.WATCH_LATE.description())::register);
			});
		}
		return (nanos) -> {
			Timer late = this.late;
			if (late != null) {
				late.record(nanos, TimeUnit.NANOSECONDS);
			}
		};
	}

	/**
	 * Take the meters of an executor out of the registry: it has come to its end.
	 * @param executor the executor
	 */
	public void unbind(MonitoredExecutor executor) {
		synchronized (this.names) {
			Bound bound = this.bound.remove(executor);
			if (bound != null) {
				bound.meters.remove();
				if (bound.own) {
					this.names.release(bound.name);
				}
			}
			else if (isOfProcess(executor)) {
				this.waiting.remove(executor.name());
			}
		}
	}

	/**
	 * Take all meters out of the registry, which may outlive the application context, and
	 * register none from now on.
	 */
	public void unbind() {
		synchronized (this.names) {
			this.ended = true;
			this.names.remove(this);
			this.waiting.clear();
			if (this.late != null) {
				this.late = null;
				this.watchMeters.remove();
				this.names.release(WATCH);
			}
			List.copyOf(this.bound.keySet()).forEach(this::unbind);
		}
	}

	/**
	 * Whether all application contexts have the same executor by that name.
	 */
	private static boolean isOfProcess(MonitoredExecutor executor) {
		return executor.origin() == ExecutorOrigin.JDK || executor.origin() == ExecutorOrigin.REACTOR;
	}

	/**
	 * The meters of an executor.
	 *
	 * @param name the value of their tag
	 * @param own whether the name is taken for this executor alone
	 * @param meters the meters
	 */
	private record Bound(String name, boolean own, ExecutorMeters meters) {

	}

}
