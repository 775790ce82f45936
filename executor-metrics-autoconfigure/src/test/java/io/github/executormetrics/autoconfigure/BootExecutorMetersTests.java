// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.meters.ExecutorMeter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Boot's own meters of executors are there as if we were not.
 */
class BootExecutorMetersTests {

	private static final Set<String> OURS = Stream.of(ExecutorMeter.values())
		.map(ExecutorMeter::meterName)
		.collect(Collectors.toSet());

	// Boot did not find the pool behind the wrapper, and executor.* was gone
	@Test
	void readWhenSameLoadRanThenBootsMetersAreAsWithoutUs() {
		assertSameMeters((context) -> {
			for (String name : new String[] { "tasks", "scheduler" }) {
				runTasks(context, name);
			}
		}, 10, () -> {
		});
	}

	// the same with work in flight: active and queued were always 0
	@Test
	void readWhenTasksAreInFlightThenBootsMetersAreAsWithoutUs() {
		CountDownLatch hold = new CountDownLatch(1);
		assertSameMeters((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean("tasks", ThreadPoolTaskExecutor.class);
			for (int i = 0; i < 5; i++) {
				executor.execute(() -> awaitQuietly(hold));
			}
		}, 0, hold::countDown);
	}

	// a meter of ours with a name of Boot's made one of the two vanish
	@Test
	void namesWhenComparedWithBootsThenNoneIsTaken() {
		assertThat(OURS).noneMatch((name) -> name.matches(
				"executor|executor\\.(idle|execution|scheduled.*|active|completed|queued|queue\\.remaining|pool\\..*)"
						+ "|jvm\\.executor.*"));
	}

	private static void assertSameMeters(Consumer<BeanFactory> load, int completed, Runnable end) {
		ApplicationContextRunner without = Runners.without().withUserConfiguration(Pools.class);
		without.run((plain) -> {
			load.accept(plain);
			without.withConfiguration(Runners.OURS).run((context) -> {
				load.accept(context);
				try {
					await().untilAsserted(() -> {
						Map<String, Double> expected = bootsMeters(plain);
						assertThat(expected.entrySet()
							.stream()
							.filter((meter) -> meter.getKey().contains("completed"))
							.mapToDouble(Map.Entry::getValue)
							.sum()).isEqualTo(completed);
						assertThat(expected).hasSizeGreaterThanOrEqualTo(14);
						assertThat(bootsMeters(context)).isEqualTo(expected);
					});
				}
				finally {
					end.run();
				}
			});
		});
	}

	private static void runTasks(BeanFactory context, String name) {
		AsyncTaskExecutor executor = context.getBean(name, AsyncTaskExecutor.class);
		for (int i = 0; i < 5; i++) {
			try {
				Runners.get(executor.submit(() -> "done"));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private static Map<String, Double> bootsMeters(BeanFactory context) {
		Map<String, Double> values = new TreeMap<>();
		context.getBean(MeterRegistry.class).forEachMeter((meter) -> {
			String name = meter.getId().getName();
			if (name.startsWith("executor") && OURS.stream().noneMatch(name::startsWith)) {
				for (Measurement measurement : meter.measure()) {
					values.put(meter.getId() + " " + meter.getId().getBaseUnit() + " " + meter.getId().getDescription()
							+ " " + measurement.getStatistic(), measurement.getValue());
				}
			}
		});
		return values;
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Pools {

		@Bean
		ThreadPoolTaskExecutor tasks() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(2);
			executor.setMaxPoolSize(3);
			executor.setQueueCapacity(10);
			return executor;
		}

		@Bean
		ThreadPoolTaskScheduler scheduler() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		ThreadPoolExecutor pool() {
			return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

}
