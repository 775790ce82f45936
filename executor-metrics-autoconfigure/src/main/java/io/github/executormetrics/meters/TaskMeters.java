// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.FiguresByName;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskBudget;
import io.github.executormetrics.task.TaskName;
import io.github.executormetrics.task.TaskTimers;

/**
 * The meters of the tasks of one executor: those that are there from the start, those of
 * each name once a task of that name has run, those of sampled tasks once one could be
 * sampled, since zeros would look measured, and the timer of failed ones once one has
 * failed, since most executors never need its buckets.
 */
final class TaskMeters implements TaskTimers {

	private final MonitoredExecutor executor;

	private final Tags tags;

	private final MeterGroup meters;

	private final Timer waits;

	private final Timer successes;

	private volatile @Nullable Timer errors;

	private final Set<TaskName> named = new HashSet<>();

	private volatile @Nullable DistributionSummary polls;

	private boolean removed;

	TaskMeters(MonitoredExecutor executor, Tags tags, MeterRegistry registry) {
		this.executor = executor;
		this.tags = tags;
		this.meters = new MeterGroup(registry);
		registerCounts();
		this.waits = this.meters.timer(ExecutorMeter.TASK_WAIT, tags);
		this.successes = this.meters.timer(ExecutorMeter.TASK_RUN, tags.and("outcome", "success"));
	}

	private void registerCounts() {
		this.meters.counter(ExecutorMeter.TASK_SUBMITTED, this.tags, this.executor, (e) -> e.recorder().submitted());
		this.meters.counter(ExecutorMeter.TASK_COMPLETED, this.tags.and("outcome", "success"), this.executor,
				(e) -> e.recorder().totals(System.nanoTime()).succeeded());
		this.meters.counter(ExecutorMeter.TASK_COMPLETED, this.tags.and("outcome", "error"), this.executor,
				(e) -> e.recorder().failed());
		for (Handling handling : Handling.values()) {
			this.meters.counter(ExecutorMeter.TASK_REJECTED, this.tags.and("handling", handling.tag()), this.executor,
					(e) -> e.recorder().rejected(handling));
		}
		this.meters.counter(ExecutorMeter.TASK_CANCELLED, this.tags, this.executor, (e) -> e.recorder().cancelled());
		this.meters.gauge(ExecutorMeter.TASK_ACTIVE, this.tags, this.executor,
				(e) -> e.recorder().totals(System.nanoTime()).active());
		registerBudget(TaskBudget.Kind.RUN);
	}

	private void registerBudget(TaskBudget.Kind kind) {
		this.meters.counter(ExecutorMeter.TASK_BUDGET_EXHAUSTED, this.tags.and("budget", kind.tag()), this.executor,
				(e) -> e.recorder().byName().exhausted(kind));
	}

	/**
	 * Register the meters of the names that have come since the last call.
	 */
	synchronized void registerNames() {
		if (this.removed) {
			return;
		}
		for (TaskName name : this.executor.recorder().byName().names()) {
			if (this.named.add(name)) {
				register(name, this.executor.recorder().byName());
			}
		}
	}

	private void register(TaskName name, FiguresByName figures) {
		Tags tags = this.tags.and("task", name.value());
		this.meters.functionTimer(ExecutorMeter.TASK_BY_NAME_WAIT, tags, figures, (f) -> f.waited(name),
				(f) -> f.waitNanos(name));
		this.meters.timeGauge(ExecutorMeter.TASK_BY_NAME_WAIT_MAX, tags, figures,
				(f) -> f.maxWait(name, System.nanoTime()));
		this.meters.functionTimer(ExecutorMeter.TASK_BY_NAME_RUN, tags, figures, (f) -> f.timed(name),
				(f) -> f.runNanos(name));
		this.meters.timeGauge(ExecutorMeter.TASK_BY_NAME_RUN_MAX, tags, figures,
				(f) -> f.maxRun(name, System.nanoTime()));
		this.meters.counter(ExecutorMeter.TASK_BY_NAME_ERRORS, tags, figures, (f) -> f.failed(name));
	}

	synchronized void remove() {
		this.removed = true;
		this.meters.remove();
	}

	@Override
	public void recordWait(long nanos) {
		this.waits.record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void recordRun(long nanos, boolean failed) {
		Timer timer = failed ? errors() : this.successes;
		if (timer != null) {
			timer.record(nanos, TimeUnit.NANOSECONDS);
		}
	}

	private @Nullable Timer errors() {
		Timer errors = this.errors;
		return (errors != null) ? errors : registerErrors();
	}

	private synchronized @Nullable Timer registerErrors() {
		if (this.errors == null && !this.removed) {
			this.errors = this.meters.timer(ExecutorMeter.TASK_RUN, this.tags.and("outcome", "error"));
		}
		return this.errors;
	}

	@Override
	public void recordPolls(long polls) {
		DistributionSummary summary = this.polls;
		if (summary == null) {
			summary = registerSampled();
		}
		if (summary != null) {
			summary.record(polls);
		}
	}

	private synchronized @Nullable DistributionSummary registerSampled() {
		if (this.polls == null && !this.removed) {
			registerBudget(TaskBudget.Kind.CPU);
			registerBudget(TaskBudget.Kind.POLLS);
			this.polls = this.meters.summary(ExecutorMeter.TASK_POLLS, this.tags);
		}
		return this.polls;
	}

}
