// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.NamedTask;

/**
 * Decorated executors, half of them Spring's, that have run tasks of a few names, and a
 * registry of plain Micrometer meters with as many series.
 */
final class CollectedExecutors {

	private static final int WORKERS = 4;

	private static final int NAMES = 3;

	private static final int TASKS_OF_A_NAME = 100;

	private final int count;

	private final Instrumentation instrumentation = new Instrumentation(Subject.EXECUTOR_METRICS);

	private final PrometheusMeterRegistry plain = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final List<Executor> executors = new ArrayList<>();

	private final long series;

	CollectedExecutors(int count) throws InterruptedException {
		this.count = count;
		for (int i = 0; i < count; i++) {
			this.executors.add((i % 2 == 0) ? pool("pool" + i) : taskExecutor("tasks" + i));
		}
		this.instrumentation.start();
		for (Executor executor : this.executors) {
			runTasks(executor);
		}
		// which registers the meters of the names
		long ticks = this.instrumentation.watch().ticks();
		while (this.instrumentation.watch().ticks() < ticks + 2) {
			LockSupport.parkNanos(10_000_000);
		}
		this.instrumentation.registry().getMeters().forEach((meter) -> PlainMeters.register(meter, this.plain));
		this.series = series(this.instrumentation.scrape());
		if (series(this.plain.scrape()) != this.series) {
			throw new IllegalStateException(series(this.plain.scrape()) + " plain series, not " + this.series);
		}
	}

	private Executor pool(String name) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(WORKERS, WORKERS, 0, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads(name));
		return this.instrumentation.decorate(pool, name, ThreadPoolExecutor.class);
	}

	private Executor taskExecutor(String name) {
		ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
		tasks.setCorePoolSize(WORKERS);
		tasks.setThreadFactory(threads(name));
		tasks.initialize();
		return this.instrumentation.decorate(tasks, name, ThreadPoolTaskExecutor.class);
	}

	/** With small stacks, so that thousands of them fit. */
	private static ThreadFactory threads(String name) {
		return (task) -> {
			Thread thread = new Thread(null, task, name, 256 * 1024);
			thread.setDaemon(true);
			return thread;
		};
	}

	private static void runTasks(Executor executor) throws InterruptedException {
		CountDownLatch ended = new CountDownLatch(NAMES * TASKS_OF_A_NAME);
		for (int i = 0; i < NAMES * TASKS_OF_A_NAME; i++) {
			executor.execute(NamedTask.of("Task" + i % NAMES, ended::countDown));
		}
		ended.await();
	}

	private static long series(String scrape) {
		return scrape.lines().filter((line) -> !line.startsWith("#")).count();
	}

	int count() {
		return this.count;
	}

	long series() {
		return this.series;
	}

	/**
	 * Collect once.
	 * @param subject what
	 * @return something of it, so that nothing is left out
	 */
	double collect(CollectionSubject subject) {
		return switch (subject) {
			case SCRAPE -> this.instrumentation.scrape().length();
			case MEASURE -> measure(this.instrumentation.registry());
			case PLAIN_SCRAPE -> this.plain.scrape().length();
			case PLAIN_MEASURE -> measure(this.plain);
		};
	}

	private static double measure(MeterRegistry registry) {
		double sum = 0;
		for (Meter meter : registry.getMeters()) {
			for (Measurement measurement : meter.measure()) {
				sum += measurement.getValue();
			}
		}
		return sum;
	}

}
