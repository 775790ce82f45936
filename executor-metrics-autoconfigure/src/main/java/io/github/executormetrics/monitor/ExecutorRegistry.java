package io.github.executormetrics.monitor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskSettings;

/**
 * The executors of one application context by name. Safe for use by many threads.
 */
public final class ExecutorRegistry {

	private final Map<String, MonitoredExecutor> executors = Collections.synchronizedMap(new TreeMap<>());

	// read once a second, changed at the start mostly
	private volatile List<MonitoredExecutor> all = List.of();

	private final List<Consumer<MonitoredExecutor>> listeners = new ArrayList<>();

	private final TaskSettings settings;

	/**
	 * Create a registry for which nothing is set.
	 */
	public ExecutorRegistry() {
		this(TaskSettings.defaults());
	}

	/**
	 * Create a registry.
	 * @param settings what the recorders of all executors share
	 */
	public ExecutorRegistry(TaskSettings settings) {
		this.settings = settings;
	}

	/**
	 * What the recorders of all executors share.
	 * @return the settings
	 */
	public TaskSettings settings() {
		return this.settings;
	}

	/**
	 * Get the entry of an executor, or a new one that is not known yet.
	 * @param name its bean name
	 * @param type its class before it is decorated
	 * @param workers how many workers it may have, negative where there is no bound
	 * @return the one entry of that name
	 */
	public MonitoredExecutor obtain(String name, Class<?> type, int workers) {
		MonitoredExecutor known = this.executors.get(name);
		return (known != null) ? known : new MonitoredExecutor(name, type, workers, this.settings);
	}

	/**
	 * Make an executor known, once its coverage is.
	 * @param executor what {@link #obtain} gave
	 */
	public void add(MonitoredExecutor executor) {
		synchronized (this.executors) {
			if (this.executors.putIfAbsent(executor.name(), executor) == null) {
				this.all = List.copyOf(this.executors.values());
				this.listeners.forEach((listener) -> listener.accept(executor));
			}
		}
	}

	/**
	 * Call the listener for each executor known now and for each that comes later, on the
	 * thread that adds it.
	 * @param listener what to call
	 */
	public void onEach(Consumer<MonitoredExecutor> listener) {
		synchronized (this.executors) {
			this.listeners.add(listener);
			this.executors.values().forEach(listener);
		}
	}

	/**
	 * Stop calling the listener.
	 * @param listener what was given to {@link #onEach}
	 */
	public void remove(Consumer<MonitoredExecutor> listener) {
		synchronized (this.executors) {
			this.listeners.remove(listener);
		}
	}

	/**
	 * Find an executor.
	 * @param name its bean name
	 * @return its entry, or null
	 */
	public @Nullable MonitoredExecutor find(String name) {
		return this.executors.get(name);
	}

	/**
	 * All executors.
	 * @return those known now, ordered by name; the same list while none comes
	 */
	public List<MonitoredExecutor> all() {
		return this.all;
	}

}
