// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.PinnedTasks;
import io.github.executormetrics.monitor.WorkerThreads;

/**
 * The meters of one executor: those of its workers, its queue and the watch from the
 * start, those of its tasks while these are seen, those of its threads and of pinned
 * tasks once there is something to tell. Zeros would look measured.
 */
final class ExecutorMeters {

	private static final double NANOS_PER_SECOND = 1e9;

	private final MonitoredExecutor executor;

	private final MeterRegistry registry;

	private final Tags tags;

	private final MeterGroup meters;

	private @Nullable TaskMeters tasks;

	private boolean hasThreads;

	private boolean hasUsage;

	private boolean hasPinned;

	private boolean removed;

	ExecutorMeters(MonitoredExecutor executor, Tags tags, MeterRegistry registry) {
		this.executor = executor;
		this.registry = registry;
		this.tags = tags;
		this.meters = new MeterGroup(registry);
	}

	/**
	 * Register what there is to register, now and as it comes.
	 */
	void register() {
		if (this.executor.coverage() != Coverage.NONE) {
			registerWorkers();
			registerWatch();
		}
		this.executor.onNews(this::follow);
	}

	private synchronized void follow() {
		if (!this.removed) {
			followTasks();
			followThreads();
			followPinned();
		}
	}

	private void followTasks() {
		boolean seen = this.executor.coverage() == Coverage.TASKS;
		TaskMeters tasks = this.tasks;
		if (!seen && tasks != null) {
			tasks.remove();
			this.tasks = null;
		}
		else if (seen && tasks == null) {
			tasks = new TaskMeters(this.executor, this.tags, this.registry);
			this.tasks = tasks;
			this.executor.recorder().timers(tasks);
		}
		if (seen && tasks != null) {
			tasks.registerNames();
		}
	}

	private void followThreads() {
		WorkerThreads threads = this.executor.threads();
		if (!this.hasThreads && threads.isKnown()) {
			this.hasThreads = true;
			this.meters.counter(ExecutorMeter.WORKER_STARTED, this.tags, threads, (t) -> t.usage().started());
			this.meters.counter(ExecutorMeter.WORKER_ENDED, this.tags, threads, (t) -> t.usage().ended());
		}
		if (!this.hasUsage && threads.isMeasured()) {
			this.hasUsage = true;
			this.meters.counter(ExecutorMeter.WORKER_PARK, this.tags, threads, (t) -> t.usage().parks());
			this.meters.counter(ExecutorMeter.WORKER_UNPARK, this.tags, threads, (t) -> t.usage().unparks());
			this.meters.counter(ExecutorMeter.WORKER_BLOCKED, this.tags, threads, (t) -> t.usage().blocks());
			this.meters.counter(ExecutorMeter.WORKER_CPU, this.tags, threads,
					(t) -> t.usage().cpuNanos() / NANOS_PER_SECOND);
			this.meters.gauge(ExecutorMeter.UTILIZATION_CPU, this.tags, this.executor,
					MonitoredExecutor::cpuUtilization);
		}
	}

	private void followPinned() {
		PinnedTasks pinned = this.executor.pinned();
		if (!this.hasPinned && pinned != null) {
			this.hasPinned = true;
			this.meters.counter(ExecutorMeter.TASK_PINNED, this.tags, pinned, PinnedTasks::count);
		}
	}

	private void registerWorkers() {
		this.meters.gauge(ExecutorMeter.WORKER_BUSY, this.tags, this.executor, MonitoredExecutor::busy);
		this.meters.gauge(ExecutorMeter.WORKER_IDLE, this.tags, this.executor, MonitoredExecutor::idle);
		this.meters.gauge(ExecutorMeter.WORKER_LIMIT, this.tags, this.executor, (e) -> known(e.limit()));
		if (this.executor.isForkJoin()) {
			this.meters.counter(ExecutorMeter.WORKER_STEALS, this.tags, this.executor, MonitoredExecutor::steals);
		}
		this.meters.gauge(ExecutorMeter.QUEUE_CAPACITY, this.tags, this.executor, (e) -> known(e.queueCapacity()));
		this.meters.timeGauge(ExecutorMeter.QUEUE_OLDEST, this.tags, this.executor,
				(e) -> known(e.oldestQueuedAtLeast()));
	}

	private void registerWatch() {
		this.meters.gauge(ExecutorMeter.UTILIZATION, this.tags, this.executor, MonitoredExecutor::utilization);
		this.meters.gauge(ExecutorMeter.STARVED, this.tags, this.executor, (e) -> e.isStarved() ? 1 : 0);
		for (StarvationCause cause : StarvationCause.values()) {
			this.meters.counter(ExecutorMeter.STARVATION_INCIDENTS, this.tags.and("cause", cause.tag()), this.executor,
					(e) -> e.incidentCount(cause));
		}
		DistributionSummary depth = this.meters.summary(ExecutorMeter.QUEUE_DEPTH, this.tags);
		this.executor.depthRecorder(depth::record);
	}

	synchronized void remove() {
		this.removed = true;
		this.executor.forgetMeters();
		this.meters.remove();
		if (this.tasks != null) {
			this.tasks.remove();
		}
	}

	private static double known(long value) {
		return (value == ExecutorState.NONE) ? Double.NaN : value;
	}

}
