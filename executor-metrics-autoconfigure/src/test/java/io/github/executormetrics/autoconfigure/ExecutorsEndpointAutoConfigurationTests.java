// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExecutorsEndpointAutoConfiguration}.
 */
class ExecutorsEndpointAutoConfigurationTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new);

	@Test
	void whenExposedThenThere() {
		this.runner.run((context) -> assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors())
			.containsOnlyKeys("tasks"));
	}

	@Test
	void whenNotExposedThenNotThere() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ExecutorsEndpoint.class));
	}

	@Test
	void whenAccessIsNoneThenNotThere() {
		this.runner.withPropertyValues("management.endpoint.executors.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ExecutorsEndpoint.class));
	}

	@Test
	void whenDisabledThenNotThere() {
		this.runner.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ExecutorsEndpoint.class));
	}

	@Test
	void whenUserHasEndpointThenItIsTheOne() {
		this.runner.withUserConfiguration(OwnEndpoint.class)
			.run((context) -> assertThat(context).hasSingleBean(ExecutorsEndpoint.class).hasBean("ownEndpoint"));
	}

	@Test
	void whenActuatorIsMissingThenNotThere() {
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ExecutorRegistry.class)
				.doesNotHaveBean(ExecutorsEndpoint.class));
	}

	@Test
	void whenInitializationIsLazyThenShowsWhatIsThere() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				context.getBean("tasks");
				assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors()).containsOnlyKeys("tasks");
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpoint {

		@Bean
		ExecutorsEndpoint ownEndpoint(ExecutorRegistry registry, ExecutorWatch watch) {
			return new ExecutorsEndpoint(registry, watch, Show.NEVER);
		}

	}

}
