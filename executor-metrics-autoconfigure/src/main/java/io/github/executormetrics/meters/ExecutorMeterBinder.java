package io.github.executormetrics.meters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTimers;

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
	 * Where queue depths are counted. Micrometer takes no bucket at 0, so the first one
	 * holds what is below 1.
	 */
	static final double[] DEPTH_BUCKETS = { 0.5, 1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000 };

	private final MeterRegistry registry;

	private final List<Meter> meters = new ArrayList<>();

	private final Map<String, List<Meter>> taskMeters = new HashMap<>();

	private Set<Meter> others = Set.of();

	/**
	 * Create a binder.
	 * @param registry where to register
	 */
	public ExecutorMeterBinder(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Register all meters of an executor, and time its tasks from now on. Those of tasks
	 * are there while tasks are seen: counters of 0 would look measured.
	 * @param executor the executor
	 */
	public synchronized void bind(MonitoredExecutor executor) {
		this.others = Set.copyOf(this.registry.getMeters());
		Tags tags = Tags.of("name", executor.name());
		bindWorkers(executor, tags);
		bindWatch(executor, tags);
		this.taskMeters.put(executor.name(), new ArrayList<>());
		executor.onCoverage(() -> followCoverage(executor));
	}

	private synchronized void followCoverage(MonitoredExecutor executor) {
		List<Meter> bound = this.taskMeters.get(executor.name());
		if (bound == null) {
			return;
		}
		boolean seen = executor.coverage() == Coverage.TASKS;
		if (!seen) {
			bound.forEach(this.registry::remove);
			this.meters.removeAll(bound);
			bound.clear();
		}
		else if (bound.isEmpty()) {
			this.others = Set.copyOf(this.registry.getMeters());
			int before = this.meters.size();
			bindTasks(executor, Tags.of("name", executor.name()));
			bound.addAll(this.meters.subList(before, this.meters.size()));
		}
	}

	private void bindTasks(MonitoredExecutor executor, Tags tags) {
		counter(ExecutorMeter.TASK_SUBMITTED, tags, executor, (e) -> e.recorder().submitted());
		counter(ExecutorMeter.TASK_COMPLETED, tags.and("outcome", "success"), executor,
				(e) -> e.recorder().totals(System.nanoTime()).succeeded());
		counter(ExecutorMeter.TASK_COMPLETED, tags.and("outcome", "error"), executor, (e) -> e.recorder().failed());
		for (Handling handling : Handling.values()) {
			counter(ExecutorMeter.TASK_REJECTED, tags.and("handling", handling.tag()), executor,
					(e) -> e.recorder().rejected(handling));
		}
		counter(ExecutorMeter.TASK_CANCELLED, tags, executor, (e) -> e.recorder().cancelled());
		gauge(ExecutorMeter.TASK_ACTIVE, tags, executor, (e) -> e.recorder().totals(System.nanoTime()).active());
		executor.recorder()
			.timers(new Timers(timer(ExecutorMeter.TASK_WAIT, tags),
					timer(ExecutorMeter.TASK_RUN, tags.and("outcome", "success")),
					timer(ExecutorMeter.TASK_RUN, tags.and("outcome", "error"))));
	}

	private void bindWorkers(MonitoredExecutor executor, Tags tags) {
		gauge(ExecutorMeter.WORKER_BUSY, tags, executor, MonitoredExecutor::busy);
		gauge(ExecutorMeter.WORKER_IDLE, tags, executor, MonitoredExecutor::idle);
		gauge(ExecutorMeter.WORKER_LIMIT, tags, executor, (e) -> known(e.limit()));
		gauge(ExecutorMeter.QUEUE_CAPACITY, tags, executor, (e) -> known(e.queueCapacity()));
		register(TimeGauge
			.builder(ExecutorMeter.QUEUE_OLDEST.meterName(), executor, TimeUnit.NANOSECONDS,
					(e) -> known(e.oldestQueuedAtLeast(System.nanoTime())))
			.description(ExecutorMeter.QUEUE_OLDEST.description())
			.tags(tags)
			.register(this.registry));
	}

	private void bindWatch(MonitoredExecutor executor, Tags tags) {
		gauge(ExecutorMeter.UTILIZATION, tags, executor, MonitoredExecutor::utilization);
		gauge(ExecutorMeter.STARVED, tags, executor, (e) -> e.isStarved() ? 1 : 0);
		for (StarvationCause cause : StarvationCause.values()) {
			counter(ExecutorMeter.STARVATION_INCIDENTS, tags.and("cause", cause.tag()), executor,
					(e) -> e.incidentCount(cause));
		}
		DistributionSummary depth = register(DistributionSummary.builder(ExecutorMeter.QUEUE_DEPTH.meterName())
			.description(ExecutorMeter.QUEUE_DEPTH.description())
			.tags(tags)
			.serviceLevelObjectives(DEPTH_BUCKETS)
			.register(this.registry));
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
		this.others = Set.copyOf(this.registry.getMeters());
		counter(ExecutorMeter.WATCH_TICKS, Tags.empty(), watch, ticks);
		return register(Timer.builder(ExecutorMeter.WATCH_LATE.meterName())
			.description(ExecutorMeter.WATCH_LATE.description())
			.register(this.registry));
	}

	/**
	 * Take all meters out of the registry, which may outlive the application context.
	 */
	public synchronized void unbind() {
		this.meters.forEach(this.registry::remove);
		this.meters.clear();
		this.taskMeters.clear();
		this.others = Set.of();
	}

	private static double known(long value) {
		return (value == ExecutorState.NONE) ? Double.NaN : value;
	}

	private <T> void counter(ExecutorMeter meter, Tags tags, T object, ToDoubleFunction<T> count) {
		register(FunctionCounter.builder(meter.meterName(), object, count)
			.description(meter.description())
			.tags(tags)
			.register(this.registry));
	}

	private void gauge(ExecutorMeter meter, Tags tags, MonitoredExecutor executor,
			ToDoubleFunction<MonitoredExecutor> value) {
		register(Gauge.builder(meter.meterName(), executor, value)
			.description(meter.description())
			.tags(tags)
			.strongReference(true)
			.register(this.registry));
	}

	private Timer timer(ExecutorMeter meter, Tags tags) {
		return register(Timer.builder(meter.meterName())
			.description(meter.description())
			.tags(tags)
			.serviceLevelObjectives(TIME_BUCKETS)
			.register(this.registry));
	}

	private <M extends Meter> M register(M meter) {
		// what a parent context has registered is not taken away with this one
		if (!this.others.contains(meter)) {
			this.meters.add(meter);
		}
		return meter;
	}

	/**
	 * The timers of one executor, resolved once.
	 */
	private record Timers(Timer waits, Timer successes, Timer errors) implements TaskTimers {

		@Override
		public void recordWait(long nanos) {
			this.waits.record(nanos, TimeUnit.NANOSECONDS);
		}

		@Override
		public void recordRun(long nanos, boolean failed) {
			(failed ? this.errors : this.successes).record(nanos, TimeUnit.NANOSECONDS);
		}

		@Override
		public void recordPolls(long polls) {
		}

	}

}
