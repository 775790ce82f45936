// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.autoconfigure.ExecutorMetersAutoConfiguration.ExecutorMeterRegistration;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ExecutorMetersAutoConfiguration}.
 */
class ExecutorMetersAutoConfigurationTests {

	private static final String SUBMITTED = "executor.task.submitted";

	private final ApplicationContextRunner runner = Runners.with().withUserConfiguration(Tasks.class);

	@Test
	void whenDefaultThenExecutorsHaveMeters() {
		this.runner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get(SUBMITTED).meters()).extracting((meter) -> meter.getId().getTag("name"))
				.containsExactly("tasks");
			assertThat(registry.get("executor.watch.ticks").functionCounter().count()).isNotNegative();
		});
	}

	// counters of 0 looked as if tasks were counted
	@Test
	void whenOnlyStateIsSeenThenThereAreNoMetersOfTasks() {
		this.runner.withBean("forkJoin", ForkJoinPool.class, () -> new ForkJoinPool(2) {

		}).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(meters(registry, "forkJoin"))
				.contains("executor.worker.limit", "executor.queue.depth", "executor.starved")
				.noneMatch((name) -> name.startsWith("executor.task."));
			assertThat(meters(registry, "tasks")).contains(SUBMITTED, "executor.task.run");
		});
	}

	@Test
	void whenTasksAreNoLongerSeenThenTheirMetersGo() {
		this.runner.withBean("changing", Changing.class, Changing::new).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(meters(registry, "changing")).contains(SUBMITTED, "executor.task.run");
			Changing executor = context.getBean(Changing.class);
			executor.shutdown();
			executor.queueOfItsOwn();
			executor.initialize();
			// with the next tick
			await().untilAsserted(() -> assertThat(Runners.shown(context, "changing").coverage()).isEqualTo("state"));
			await().untilAsserted(() -> assertThat(meters(registry, "changing")).contains("executor.worker.limit")
				.noneMatch((name) -> name.startsWith("executor.task.")));
		});
	}

	private static List<String> meters(MeterRegistry registry, String name) {
		return registry.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> name.equals(id.getTag("name")))
			.map(Meter.Id::getName)
			.toList();
	}

	@Test
	void whenDisabledThenNone() {
		this.runner.withPropertyValues("executor-metrics.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(ExecutorMeterRegistration.class);
			assertThat(context.getBean(MeterRegistry.class).find(SUBMITTED).meter()).isNull();
		});
	}

	@Test
	void whenThereIsNoRegistryThenStartsWithout() {
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withUserConfiguration(Tasks.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ExecutorRegistry.class)
				.doesNotHaveBean(ExecutorMeterRegistration.class));
	}

	@Test
	void whenMicrometerIsMissingThenStartsWithout() {
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withUserConfiguration(Tasks.class)
			.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ExecutorRegistry.class)
				.doesNotHaveBean(ExecutorMetersAutoConfiguration.class));
	}

	@Test
	void whenInitializationIsLazyThenRegistrationIsNot() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context.getBeanFactory().containsSingleton("executorMeterRegistration")).isTrue();
				Runners.run(context.getBean("late", Executor.class), () -> "done");
				assertThat(context.getBean(MeterRegistry.class).get(SUBMITTED).tag("name", "late").meter()).isNotNull();
			});
	}

	// with two registries each of them, or neither, had the meters
	@Test
	void whenThereAreTwoRegistriesThenEachHasTheMeters() {
		this.runner.withUserConfiguration(TwoRegistries.class).run((context) -> {
			assertThat(context.getBean(MeterRegistry.class)).isInstanceOf(CompositeMeterRegistry.class);
			for (String name : new String[] { "one", "two" }) {
				MeterRegistry registry = context.getBean(name, MeterRegistry.class);
				assertThat(registry.get(SUBMITTED).meters()).hasSize(1);
			}
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Tasks {

		@Bean
		ThreadPoolTaskExecutor tasks() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		@Lazy
		ExecutorService late() {
			return Executors.newSingleThreadExecutor();
		}

	}

	/**
	 * Has a queue of its own class once it is told.
	 */
	@SuppressWarnings("serial")
	public static class Changing extends ThreadPoolTaskExecutor {

		private boolean own;

		public void queueOfItsOwn() {
			this.own = true;
		}

		@Override
		protected BlockingQueue<Runnable> createQueue(int queueCapacity) {
			return this.own ? new LinkedBlockingQueue<>() {
			} : super.createQueue(queueCapacity);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoRegistries {

		@Bean
		SimpleMeterRegistry one() {
			return new SimpleMeterRegistry();
		}

		@Bean
		SimpleMeterRegistry two() {
			return new SimpleMeterRegistry();
		}

	}

}
