package io.github.executormetrics.meters;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.DistributionSummary;
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

	private final MeterGroup meters;

	private final Map<String, MeterGroup> taskMeters = new HashMap<>();

	/**
	 * Create a binder.
	 * @param registry where to register
	 */
	public ExecutorMeterBinder(MeterRegistry registry) {
		this.registry = registry;
		this.meters = new MeterGroup(registry);
	}

	/**
	 * Register all meters of an executor, and time its tasks from now on. Those of tasks
	 * are there while tasks are seen: counters of 0 would look measured.
	 * @param executor the executor
	 */
	public synchronized void bind(MonitoredExecutor executor) {
		Tags tags = tags(executor);
		bindWorkers(executor, tags);
		bindWatch(executor, tags);
		this.taskMeters.computeIfAbsent(executor.name(), (name) -> new MeterGroup(this.registry));
		executor.onCoverage(() -> followCoverage(executor));
	}

	private synchronized void followCoverage(MonitoredExecutor executor) {
		MeterGroup bound = this.taskMeters.get(executor.name());
		if (bound == null) {
			return;
		}
		boolean seen = executor.coverage() == Coverage.TASKS;
		if (!seen) {
			bound.remove();
		}
		else if (bound.isEmpty()) {
			bindTasks(executor, tags(executor), bound);
		}
	}

	private void bindTasks(MonitoredExecutor executor, Tags tags, MeterGroup meters) {
		meters.counter(ExecutorMeter.TASK_SUBMITTED, tags, executor, (e) -> e.recorder().submitted());
		meters.counter(ExecutorMeter.TASK_COMPLETED, tags.and("outcome", "success"), executor,
				(e) -> e.recorder().totals(System.nanoTime()).succeeded());
		meters.counter(ExecutorMeter.TASK_COMPLETED, tags.and("outcome", "error"), executor,
				(e) -> e.recorder().failed());
		for (Handling handling : Handling.values()) {
			meters.counter(ExecutorMeter.TASK_REJECTED, tags.and("handling", handling.tag()), executor,
					(e) -> e.recorder().rejected(handling));
		}
		meters.counter(ExecutorMeter.TASK_CANCELLED, tags, executor, (e) -> e.recorder().cancelled());
		meters.gauge(ExecutorMeter.TASK_ACTIVE, tags, executor, (e) -> e.recorder().totals(System.nanoTime()).active());
		executor.recorder()
			.timers(new Timers(meters.timer(ExecutorMeter.TASK_WAIT, tags),
					meters.timer(ExecutorMeter.TASK_RUN, tags.and("outcome", "success")),
					meters.timer(ExecutorMeter.TASK_RUN, tags.and("outcome", "error"))));
	}

	private void bindWorkers(MonitoredExecutor executor, Tags tags) {
		this.meters.gauge(ExecutorMeter.WORKER_BUSY, tags, executor, MonitoredExecutor::busy);
		this.meters.gauge(ExecutorMeter.WORKER_IDLE, tags, executor, MonitoredExecutor::idle);
		this.meters.gauge(ExecutorMeter.WORKER_LIMIT, tags, executor, (e) -> known(e.limit()));
		this.meters.gauge(ExecutorMeter.QUEUE_CAPACITY, tags, executor, (e) -> known(e.queueCapacity()));
		this.meters.register(TimeGauge
			.builder(ExecutorMeter.QUEUE_OLDEST.meterName(), executor, TimeUnit.NANOSECONDS,
					(e) -> known(e.oldestQueuedAtLeast(System.nanoTime())))
			.description(ExecutorMeter.QUEUE_OLDEST.description())
			.tags(tags)::register);
	}

	private void bindWatch(MonitoredExecutor executor, Tags tags) {
		this.meters.gauge(ExecutorMeter.UTILIZATION, tags, executor, MonitoredExecutor::utilization);
		this.meters.gauge(ExecutorMeter.STARVED, tags, executor, (e) -> e.isStarved() ? 1 : 0);
		for (StarvationCause cause : StarvationCause.values()) {
			this.meters.counter(ExecutorMeter.STARVATION_INCIDENTS, tags.and("cause", cause.tag()), executor,
					(e) -> e.incidentCount(cause));
		}
		DistributionSummary depth = this.meters
			.register(DistributionSummary.builder(ExecutorMeter.QUEUE_DEPTH.meterName())
				.description(ExecutorMeter.QUEUE_DEPTH.description())
				.tags(tags)
				.serviceLevelObjectives(DEPTH_BUCKETS)::register);
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
		this.meters.counter(ExecutorMeter.WATCH_TICKS, Tags.empty(), watch, ticks);
		return this.meters.register(Timer.builder(ExecutorMeter.WATCH_LATE.meterName())
			.description(ExecutorMeter.WATCH_LATE.description())::register);
	}

	/**
	 * Take all meters out of the registry, which may outlive the application context.
	 */
	public synchronized void unbind() {
		this.meters.remove();
		this.taskMeters.values().forEach(MeterGroup::remove);
		this.taskMeters.clear();
	}

	private static double known(long value) {
		return (value == ExecutorState.NONE) ? Double.NaN : value;
	}

	private static Tags tags(MonitoredExecutor executor) {
		return Tags.of("name", executor.name());
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
