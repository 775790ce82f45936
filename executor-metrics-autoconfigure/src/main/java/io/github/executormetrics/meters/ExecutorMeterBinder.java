package io.github.executormetrics.meters;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

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

	private final MeterRegistry registry;

	private final MeterGroup watchMeters;

	private final Map<MonitoredExecutor, ExecutorMeters> bound = new HashMap<>();

	/**
	 * Create a binder.
	 * @param registry where to register
	 */
	public ExecutorMeterBinder(MeterRegistry registry) {
		this.registry = registry;
		this.watchMeters = new MeterGroup(registry);
	}

	/**
	 * Register all meters of an executor, and time its tasks from now on.
	 * @param executor the executor
	 */
	public synchronized void bind(MonitoredExecutor executor) {
		Tags tags = Tags.of("name", executor.name());
		boolean shared = isOfProcess(executor)
				&& this.registry.find(ExecutorMeter.WORKER_BUSY.meterName()).tags(tags).meter() != null;
		// else a parent context has the same executor: its tasks would be timed twice
		if (!shared && !this.bound.containsKey(executor)) {
			ExecutorMeters meters = new ExecutorMeters(executor, tags, this.registry);
			this.bound.put(executor, meters);
			meters.register();
		}
	}

	/**
	 * Register the meters of the watch itself.
	 * @param watch the watch
	 * @param ticks reads how many looks it has taken
	 * @param <T> the type of the watch
	 * @return where it says how late a look was
	 */
	public synchronized <T> Timer bindWatch(T watch, ToDoubleFunction<T> ticks) {
		this.watchMeters.counter(ExecutorMeter.WATCH_TICKS, Tags.empty(), watch, ticks);
		return this.watchMeters.register(Timer.builder(ExecutorMeter.WATCH_LATE.meterName())
			.description(ExecutorMeter.WATCH_LATE.description())::register);
	}

	/**
	 * Take the meters of an executor out of the registry: it has come to its end.
	 * @param executor the executor
	 */
	public synchronized void unbind(MonitoredExecutor executor) {
		ExecutorMeters meters = this.bound.remove(executor);
		if (meters != null) {
			meters.remove();
		}
	}

	/**
	 * Take all meters out of the registry, which may outlive the application context.
	 */
	public synchronized void unbind() {
		this.watchMeters.remove();
		List.copyOf(this.bound.keySet()).forEach(this::unbind);
	}

	/**
	 * Whether all application contexts have the same executor by that name.
	 */
	private static boolean isOfProcess(MonitoredExecutor executor) {
		return executor.origin() == ExecutorOrigin.JDK || executor.origin() == ExecutorOrigin.REACTOR;
	}

}
