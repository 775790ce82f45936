// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.TaskSpans;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.WatchSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExecutorMetricsAutoConfiguration}.
 */
class ExecutorMetricsAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(Runners.OURS)
		.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new);

	@Test
	void whenDefaultThenDecoratesAndWatches() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ExecutorRegistry.class).hasSingleBean(ExecutorBeanPostProcessor.class);
			assertThat(context.getBean(ExecutorRegistry.class).all()).extracting(MonitoredExecutor::name)
				.containsExactly("tasks");
			assertThat(context.getBean(ExecutorWatch.class).isRunning()).isTrue();
		});
	}

	// off is false in YAML
	@Test
	void whenYamlSaysOffThenSpansAreOff() throws Exception {
		List<PropertySource<?>> yaml = new YamlPropertySourceLoader().load("yaml", new ByteArrayResource(
				"executor-metrics: { tracing: { spans: off } }".getBytes(StandardCharsets.UTF_8)));
		this.runner.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(yaml.get(0)))
			.run((context) -> assertThat(context.getBean(ExecutorMetricsProperties.class).tracing().spans())
				.isEqualTo(TaskSpans.OFF));
	}

	// bound twice at each start
	@Test
	void whenNobodyAsksForTheBeanOfThePropertiesThenTheyAreBoundOnce() {
		String bean = ExecutorMetricsProperties.PREFIX + "-" + ExecutorMetricsProperties.class.getName();
		this.runner.withPropertyValues("executor-metrics.watch.window=20s").run((context) -> {
			assertThat(context.getBeanFactory().containsSingleton(bean)).isFalse();
			assertThat(ConfigurationPropertiesBean.getAll(context).get(bean)).isNotNull()
				.extracting(ConfigurationPropertiesBean::getInstance)
				.isInstanceOfSatisfying(ExecutorMetricsProperties.class,
						(shown) -> assertThat(shown.watch().window()).isEqualTo(Duration.ofSeconds(20)));
		});
	}

	@Test
	void whenDisabledThenNothing() {
		this.runner.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ExecutorRegistry.class)
				.doesNotHaveBean(ExecutorBeanPostProcessor.class)
				.doesNotHaveBean(ExecutorWatch.class)
				.doesNotHaveBean(ExecutorMetricsProperties.class));
	}

	@Test
	void whenUserHasWatchThenItIsUsed() {
		this.runner.withUserConfiguration(OwnWatch.class).run((context) -> {
			assertThat(context).hasSingleBean(ExecutorWatch.class);
			assertThat(context.getBean(ExecutorWatch.class)).isSameAs(context.getBean("ownWatch"));
			assertThat(context.getBean(ExecutorWatch.class).isRunning()).isTrue();
		});
	}

	@Test
	void whenMicrometerAndActuatorAreMissingThenStillDecorates() {
		this.runner
			.withClassLoader(
					new FilteredClassLoader(MeterRegistry.class, ConditionalOnAvailableEndpoint.class, Health.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Runners.run(context.getBean("tasks", Executor.class), () -> "done");
				assertThat(context.getBean(ExecutorRegistry.class).all()).singleElement()
					.satisfies((executor) -> assertThat(executor.recorder().submitted()).isEqualTo(1));
			});
	}

	// watch and warning were lazy, and so never made
	@Test
	void whenInitializationIsLazyThenWatches() {
		this.runner.withBean("service", ExecutorService.class, Executors::newSingleThreadExecutor)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context.getBeanFactory().containsSingleton("service")).isFalse();
				assertThat(context.getBeanFactory().containsSingleton("executorMetricsWatchLifecycle")).isTrue();
				assertThat(context.getBeanFactory().containsSingleton("executorMetricsUnknownOverrides")).isTrue();
				assertThat(context.getBean(ExecutorWatch.class).isRunning()).isTrue();
			});
	}

	// the watch's thread outlived the application
	@Test
	void whenClosedThenWatchHasStopped() {
		ExecutorWatch[] watch = new ExecutorWatch[1];
		this.runner.run((context) -> watch[0] = context.getBean(ExecutorWatch.class));
		assertThat(watch[0].isRunning()).isFalse();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnWatch {

		@Bean
		ExecutorWatch ownWatch(ExecutorRegistry registry) {
			ExecutorLimits limits = new ExecutorLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1,
					Duration.ofSeconds(1), Duration.ofSeconds(60), 1, 0.05);
			return new ExecutorWatch(registry, new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10),
					Duration.ZERO, 1, 1, Duration.ofMinutes(1), limits, Map.of()));
		}

	}

}
