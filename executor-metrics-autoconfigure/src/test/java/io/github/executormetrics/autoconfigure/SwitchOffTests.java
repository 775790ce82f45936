// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * There is a way out, as a whole and of each part.
 */
class SwitchOffTests {

	private final ApplicationContextRunner runner = Runners.with().withUserConfiguration(Executors.class);

	// switching off left a proxy, a thread or a bean behind
	@Test
	void startWhenSwitchedOffThenBeansAreThoseWithoutUs() {
		Runners.without()
			.withUserConfiguration(Executors.class)
			.run((without) -> this.runner.withPropertyValues("executor-metrics.enabled=false").run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(types(context)).isEqualTo(types(without));
				assertThat(meters(context)).isEqualTo(meters(without));
			}));
	}

	// ahead-of-time processing freezes conditions, and the switch did nothing any more
	@Test
	void startWhenSwitchedOffAtRunTimeThenNothingIsDecorated() {
		this.runner.withInitializer((context) -> context.addBeanFactoryPostProcessor(
				// after the conditions, before the executors
				(beanFactory) -> TestPropertyValues.of("executor-metrics.enabled=false").applyTo(context)))
			.run((context) -> {
				assertThat(context).hasBean("executorMetricsBeanPostProcessor");
				assertThat(context.getBean("legacyTasks")).hasSameClassAs(new ThreadPoolTaskExecutor());
				assertThat(context.getBean("simple")).hasSameClassAs(new SimpleAsyncTaskExecutor());
				assertThat(context.getBean(ExecutorWatch.class).isRunning()).isFalse();
			});
	}

	// meters of a watch that never looks, and a health that told of no executors
	@Test
	void startWhenSwitchedOffAtRunTimeThenMetersAndHealthAreThoseWithoutUs() {
		ApplicationContextRunner without = Runners.without().withUserConfiguration(Executors.class);
		without.run((plain) -> this.runner
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(beanFactory) -> TestPropertyValues.of("executor-metrics.enabled=false").applyTo(context)))
			.run((context) -> {
				assertThat(meters(context)).isEqualTo(meters(plain));
				assertThat(context.getBean(HealthEndpoint.class).healthForPath("executors").getStatus())
					.isEqualTo(Status.UP);
				assertThat(context.getBean("executorsHealthIndicator", HealthIndicator.class).health(true).getDetails())
					.isEmpty();
				Set<Status> statuses = Set.of(Status.UP, new Status("STARVED"));
				assertThat(context.getBean(StatusAggregator.class).getAggregateStatus(statuses))
					.isEqualTo(plain.getBean(StatusAggregator.class).getAggregateStatus(statuses));
			}));
	}

	// there was no way out for one bean
	@ParameterizedTest
	@CsvSource({ "executor-metrics.executors.legacyTasks.enabled=false,executors.legacyTasks.enabled",
			"executor-metrics.exclude=legacy*,executor-metrics.exclude",
			"executor-metrics.exclude=nothing|legacyTasks,executor-metrics.exclude" })
	void startWhenOneBeanIsSwitchedOffThenItAloneIsLeftAsItIs(String property, String reason) {
		this.runner.withPropertyValues(property.replace('|', ',')).run((context) -> {
			assertThat(context.getBean("legacyTasks")).hasSameClassAs(new ThreadPoolTaskExecutor());
			assertThat(Runners.shown(context, "legacyTasks").coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, "legacyTasks").coverageReason()).contains(reason);
			assertThat(Runners.run(context.getBean("legacyTasks", Executor.class), () -> "done")).isEqualTo("done");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.find("executor.task.submitted").tag("name", "legacyTasks").meter()).isNull();
			assertThat(registry.find("executor.active").tag("name", "legacyTasks").meter()).isNotNull();
			assertThat(registry.find("executor.task.submitted").tag("name", "pool").meter()).isNotNull();
			assertThat(Runners.shown(context, "pool").coverage()).isEqualTo("tasks");
		});
	}

	private static Map<String, String> types(ListableBeanFactory context) {
		Map<String, String> types = new TreeMap<>();
		for (String name : context.getBeanDefinitionNames()) {
			// the number of a lambda is its context's
			types.put(name, context.getBean(name).getClass().getName().replaceAll("Lambda.*", "Lambda"));
		}
		return types;
	}

	private static Map<String, Long> meters(ListableBeanFactory context) {
		Map<String, Long> meters = new TreeMap<>();
		context.getBean(MeterRegistry.class).forEachMeter((meter) -> meters.put(meter.getId().toString(), 1L));
		return meters;
	}

	@Configuration(proxyBeanMethods = false)
	static class Executors {

		@Bean
		ThreadPoolTaskExecutor legacyTasks() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		ThreadPoolTaskScheduler scheduler() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		SimpleAsyncTaskExecutor simple() {
			return new SimpleAsyncTaskExecutor();
		}

		@Bean
		ThreadPoolExecutor pool() {
			return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

}
