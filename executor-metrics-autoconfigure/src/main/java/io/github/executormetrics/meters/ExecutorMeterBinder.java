package io.github.executormetrics.meters;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.PinnedTasks;
import io.github.executormetrics.monitor.WorkerThreads;

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

	private static final double NANOS_PER_SECOND = 1e9;

	private final MeterRegistry registry;

	private final MeterGroup watchMeters;

	private final Map<MonitoredExecutor, MeterGroup> bound = new HashMap<>();

	private final Map<MonitoredExecutor, TaskMeters> taskMeters = new HashMap<>();

	/**
	 * Create a binder.
	 * @param registry where to register
	 */
	public ExecutorMeterBinder(MeterRegistry registry) {
		this.registry = registry;
		this.watchMeters = new MeterGroup(registry);
	}

	/**
	 * Register all meters of an executor, and time its tasks from now on. Those of tasks
	 * are there while tasks are seen: counters of 0 would look measured.
	 * @param executor the executor
	 */
	public synchronized void bind(MonitoredExecutor executor) {
		Tags tags = tags(executor);
		if (isOfProcess(executor)
				&& this.registry.find(ExecutorMeter.WORKER_BUSY.meterName()).tags(tags).meter() != null) {
			// a parent context has the same executor: its tasks would be timed twice
			return;
		}
		MeterGroup meters = this.bound.computeIfAbsent(executor, (added) -> new MeterGroup(this.registry));
		bindWorkers(executor, tags, meters);
		bindWatch(executor, tags, meters);
		executor.onCoverage(() -> followCoverage(executor));
		executor.onThreads(() -> followThreads(executor));
		bindPinned(executor);
	}

	/**
	 * Register the meter of pinned tasks, once those of an executor may be.
	 * @param executor the executor
	 */
	public synchronized void bindPinned(MonitoredExecutor executor) {
		this.bound.computeIfAbsent(executor, (added) -> new MeterGroup(this.registry));
		executor.onPinned(() -> registerPinned(executor));
	}

	private synchronized void registerPinned(MonitoredExecutor executor) {
		MeterGroup meters = this.bound.get(executor);
		PinnedTasks pinned = executor.pinned();
		if (meters != null && pinned != null) {
			meters.counter(ExecutorMeter.TASK_PINNED, tags(executor), pinned, PinnedTasks::count);
		}
	}

	private synchronized void followCoverage(MonitoredExecutor executor) {
		if (!this.bound.containsKey(executor)) {
			return;
		}
		boolean seen = executor.coverage() == Coverage.TASKS;
		TaskMeters known = this.taskMeters.get(executor);
		if (!seen && known != null) {
			known.remove();
			this.taskMeters.remove(executor);
		}
		else if (seen && known == null) {
			TaskMeters tasks = new TaskMeters(executor, tags(executor), this.registry);
			this.taskMeters.put(executor, tasks);
			executor.recorder().timers(tasks);
			executor.onNames(tasks::registerNames);
		}
	}

	/**
	 * The meters of threads are there once one is known: zeros would look measured.
	 */
	private synchronized void followThreads(MonitoredExecutor executor) {
		MeterGroup meters = this.bound.get(executor);
		if (meters == null) {
			return;
		}
		Tags tags = tags(executor);
		WorkerThreads threads = executor.threads();
		meters.counter(ExecutorMeter.WORKER_STARTED, tags, threads, (t) -> t.usage().started());
		meters.counter(ExecutorMeter.WORKER_ENDED, tags, threads, (t) -> t.usage().ended());
		if (threads.isMeasured()) {
			meters.counter(ExecutorMeter.WORKER_PARK, tags, threads, (t) -> t.usage().parks());
			meters.counter(ExecutorMeter.WORKER_UNPARK, tags, threads, (t) -> t.usage().unparks());
			meters.counter(ExecutorMeter.WORKER_BLOCKED, tags, threads, (t) -> t.usage().blocks());
			meters.counter(ExecutorMeter.WORKER_CPU, tags, threads, (t) -> t.usage().cpuNanos() / NANOS_PER_SECOND);
			meters.gauge(ExecutorMeter.UTILIZATION_CPU, tags, executor, MonitoredExecutor::cpuUtilization);
		}
	}

	private void bindWorkers(MonitoredExecutor executor, Tags tags, MeterGroup meters) {
		meters.gauge(ExecutorMeter.WORKER_BUSY, tags, executor, MonitoredExecutor::busy);
		meters.gauge(ExecutorMeter.WORKER_IDLE, tags, executor, MonitoredExecutor::idle);
		meters.gauge(ExecutorMeter.WORKER_LIMIT, tags, executor, (e) -> known(e.limit()));
		if (executor.forkJoin() != null) {
			meters.counter(ExecutorMeter.WORKER_STEALS, tags, executor, MonitoredExecutor::steals);
		}
		meters.gauge(ExecutorMeter.QUEUE_CAPACITY, tags, executor, (e) -> known(e.queueCapacity()));
		meters.timeGauge(ExecutorMeter.QUEUE_OLDEST, tags, executor,
				(e) -> known(e.oldestQueuedAtLeast(System.nanoTime())));
	}

	private void bindWatch(MonitoredExecutor executor, Tags tags, MeterGroup meters) {
		meters.gauge(ExecutorMeter.UTILIZATION, tags, executor, MonitoredExecutor::utilization);
		meters.gauge(ExecutorMeter.STARVED, tags, executor, (e) -> e.isStarved() ? 1 : 0);
		for (StarvationCause cause : StarvationCause.values()) {
			meters.counter(ExecutorMeter.STARVATION_INCIDENTS, tags.and("cause", cause.tag()), executor,
					(e) -> e.incidentCount(cause));
		}
		DistributionSummary depth = meters.summary(ExecutorMeter.QUEUE_DEPTH, tags);
		executor.depthRecorder(depth::record);
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
		MeterGroup meters = this.bound.remove(executor);
		if (meters != null) {
			executor.forgetMeters();
			meters.remove();
		}
		TaskMeters tasks = this.taskMeters.remove(executor);
		if (tasks != null) {
			tasks.remove();
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

	private static double known(long value) {
		return (value == ExecutorState.NONE) ? Double.NaN : value;
	}

	private static Tags tags(MonitoredExecutor executor) {
		return Tags.of("name", executor.name());
	}

}
