// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.meters.ExecutorMeterBinder;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskSettings;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.task.TaskTracing;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.WatchSettings;

/**
 * This project on the executors of one trial, as an application would have it.
 */
final class Instrumentation implements Metering {

	private static final String NAME = "benchmark";

	private static final ExecutorLimits LIMITS = new ExecutorLimits(Duration.ofMillis(100), Duration.ofMillis(50),
			1_000, 1, Duration.ofSeconds(5), Duration.ofSeconds(60), 5, 0.05);

	private final TrialMeters meters;

	private final int timing;

	private final ExecutorRegistry executors;

	private final ExecutorDecorator decorator;

	private final ExecutorWatch watch;

	Instrumentation(Subject subject) {
		this.meters = subject.registry().create();
		this.timing = subject.timing();
		this.executors = new ExecutorRegistry(TaskSettings.defaults().timing(this.timing));
		this.decorator = new ExecutorDecorator(this.executors);
		this.watch = new ExecutorWatch(this.executors, new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10),
				Duration.ofSeconds(10), 3, 5, Duration.ofMinutes(1), LIMITS, Map.of()));
	}

	@Override
	public ExecutorService meter(ExecutorService executor) {
		return decorate(executor, ExecutorService.class);
	}

	@Override
	public ThreadPoolTaskExecutor meter(ThreadPoolTaskExecutor bean) {
		bean.initialize();
		return decorate(bean, ThreadPoolTaskExecutor.class);
	}

	@Override
	public void expect(long tasks) {
		TaskTotals totals = executor().recorder().totals(System.nanoTime());
		Metering.expect("completed", totals.succeeded(), tasks);
		if (this.timing == 1) {
			Metering.expect("timed", totals.timed(), tasks);
		}
		else if (Math.abs((double) totals.timed() * this.timing / tasks - 1) > 0.1) {
			throw new IllegalStateException(totals.timed() + " timed of " + tasks);
		}
		this.meters.expect("executor.task.wait", totals.waited());
		this.meters.expect("executor.task.run", totals.timed());
	}

	/**
	 * Decorate the only executor bean of a trial.
	 * @param <E> the type it is declared with
	 * @param executor the bean
	 * @param declared the type it is declared with
	 * @return the decorated one, whose meters are bound and which is watched
	 */
	<E> E decorate(E executor, Class<E> declared) {
		E decorated = decorate(executor, NAME, declared);
		start();
		return decorated;
	}

	/**
	 * Decorate one of many executor beans.
	 * @param <E> the type it is declared with
	 * @param executor the bean
	 * @param name its name
	 * @param declared the type it is declared with
	 * @return the decorated one
	 */
	<E> E decorate(E executor, String name, Class<E> declared) {
		E decorated = declared.cast(this.decorator.decorate(executor, name, declared));
		MonitoredExecutor entry = this.executors.find(name);
		// many beans stay the objects that they were: what counts is whether tasks are
		// seen
		if (entry == null || entry.coverage() != Coverage.TASKS) {
			throw new IllegalStateException("Not decorated: " + executor);
		}
		return decorated;
	}

	/**
	 * Bind the meters of all executors and start the watch.
	 */
	void start() {
		ExecutorMeterBinder binder = new ExecutorMeterBinder(this.meters.registry());
		this.executors.onEach(binder::bind);
		this.watch.onLateness(binder.bindWatch(this.watch, ExecutorWatch::ticks));
		this.watch.start();
	}

	/**
	 * Trace the tasks of all executors.
	 * @param tracing what carries their context
	 */
	void trace(TaskTracing tracing) {
		this.executors.onEach((executor) -> executor.recorder().tracing(tracing));
	}

	/**
	 * The only executor of a trial.
	 * @return its entry
	 */
	MonitoredExecutor executor() {
		return this.executors.all().get(0);
	}

	/**
	 * Collect all meters.
	 * @return what Prometheus would get
	 */
	String scrape() {
		return this.meters.scrape();
	}

	MeterRegistry registry() {
		return this.meters.registry();
	}

	ExecutorWatch watch() {
		return this.watch;
	}

	/**
	 * The executors that starve now.
	 * @return how many
	 */
	int starved() {
		return (int) this.executors.all().stream().filter(MonitoredExecutor::isStarved).count();
	}

	@Override
	public void close() {
		this.watch.stop();
		this.meters.close();
	}

}
