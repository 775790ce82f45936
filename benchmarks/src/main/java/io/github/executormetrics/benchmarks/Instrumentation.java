package io.github.executormetrics.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import com.codahale.metrics.InstrumentedExecutorService;
import com.codahale.metrics.MetricRegistry;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.meters.ExecutorMeterBinder;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskTracing;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.WatchSettings;

/**
 * Meters an executor for one trial, as an application would have it.
 */
final class Instrumentation implements AutoCloseable {

	private static final String NAME = "benchmark";

	// in nanoseconds, as this project's timers have them
	private static final double[] BUCKETS = { 1e6, 5e6, 1e7, 5e7, 1e8, 2.5e8, 5e8, 1e9, 5e9, 1e10, 3e10, 6e10 };

	private static final ExecutorLimits LIMITS = new ExecutorLimits(Duration.ofMillis(100), Duration.ofMillis(50),
			1_000, 1, Duration.ofSeconds(5), Duration.ofSeconds(60), 5);

	private final Subject subject;

	private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final ExecutorRegistry executors = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.executors);

	private final ExecutorWatch watch = new ExecutorWatch(this.executors, new WatchSettings(Duration.ofSeconds(1),
			Duration.ofSeconds(10), Duration.ofSeconds(10), 3, 5, Duration.ofMinutes(1), LIMITS, Map.of()));

	Instrumentation(Subject subject) {
		this.subject = subject;
		if (subject.isHistogram()) {
			this.meters.config()
				.meterFilter(new Buckets(DistributionStatisticConfig.builder().percentilesHistogram(true).build()));
		}
		if (subject == Subject.MICROMETER_BUCKETS) {
			this.meters.config()
				.meterFilter(
						new Buckets(DistributionStatisticConfig.builder().serviceLevelObjectives(BUCKETS).build()));
		}
	}

	ExecutorService instrument(ExecutorService executor) {
		return switch (this.subject) {
			case BARE -> executor;
			case EXECUTOR_METRICS, EXECUTOR_METRICS_HISTOGRAM -> decorate(executor, ExecutorService.class);
			case MICROMETER, MICROMETER_BUCKETS, MICROMETER_HISTOGRAM ->
				ExecutorServiceMetrics.monitor(this.meters, executor, NAME);
			case DROPWIZARD -> new InstrumentedExecutorService(executor, new MetricRegistry(), NAME);
		};
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
		if (decorated == executor) {
			throw new IllegalStateException("Not decorated: " + executor);
		}
		return decorated;
	}

	/**
	 * Bind the meters of all executors and start the watch.
	 */
	void start() {
		ExecutorMeterBinder binder = new ExecutorMeterBinder(this.meters);
		this.executors.onEach(binder::bind);
		Timer late = binder.bindWatch(this.watch, ExecutorWatch::ticks);
		this.watch.onLateness((nanos) -> late.record(nanos, TimeUnit.NANOSECONDS));
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
		return this.meters;
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

	private static final class Buckets implements MeterFilter {

		private final DistributionStatisticConfig buckets;

		Buckets(DistributionStatisticConfig buckets) {
			this.buckets = buckets;
		}

		@Override
		public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
			return (id.getType() == Meter.Type.TIMER) ? this.buckets.merge(config) : config;
		}

	}

}
