// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.actuate.ExecutorsHealthIndicator;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExecutorsHealthAutoConfiguration}.
 */
class ExecutorsHealthAutoConfigurationTests {

	private static final Status STARVED = new Status("STARVED");

	private final ApplicationContextRunner runner = Runners.with();

	@Test
	void whenDefaultThenComponentAndAggregatorAreThere() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ExecutorsHealthIndicator.class).hasSingleBean(StatusAggregator.class);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("executors").getStatus())
				.isEqualTo(Status.UP);
		});
	}

	@Test
	void aggregateWhenDefaultThenStarvedStandsBetweenOutOfServiceAndUp() {
		this.runner.run((context) -> {
			StatusAggregator aggregator = context.getBean(StatusAggregator.class);
			assertThat(aggregator.getAggregateStatus(Set.of(Status.UP, STARVED, Status.UNKNOWN))).isEqualTo(STARVED);
			assertThat(aggregator.getAggregateStatus(Set.of(Status.OUT_OF_SERVICE, STARVED)))
				.isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(aggregator.getAggregateStatus(Set.of(Status.DOWN, STARVED))).isEqualTo(Status.DOWN);
			assertThat(aggregator.getAggregateStatus(Set.of(Status.UP, Status.UNKNOWN))).isEqualTo(Status.UP);
		});
	}

	@Test
	void aggregateWhenUserSetsOrderThenItIsUsed() {
		this.runner.withPropertyValues("management.endpoint.health.status.order=starved,down,up")
			.run((context) -> assertThat(
					context.getBean(StatusAggregator.class).getAggregateStatus(Set.of(Status.DOWN, STARVED)))
				.isEqualTo(STARVED));
	}

	@Test
	void whenSwitchedOffThenBootsHealthIsAsWithoutUs() {
		this.runner.withPropertyValues("management.health.executors.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ExecutorsHealthIndicator.class)
				.doesNotHaveBean(ExecutorsHealthAutoConfiguration.class)
				.hasSingleBean(StatusAggregator.class));
	}

	@Test
	void whenDisabledThenNotThere() {
		this.runner.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ExecutorsHealthIndicator.class));
	}

	@Test
	void whenUserHasIndicatorThenItIsTheOne() {
		this.runner.withUserConfiguration(OwnIndicator.class).run((context) -> {
			assertThat(context).doesNotHaveBean(ExecutorsHealthIndicator.class);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("executors").getStatus())
				.isEqualTo(Status.UNKNOWN);
		});
	}

	@Test
	void whenUserHasAggregatorThenItIsTheOne() {
		this.runner.withUserConfiguration(OwnAggregator.class)
			.run((context) -> assertThat(context).hasSingleBean(StatusAggregator.class).hasBean("ownAggregator"));
	}

	@Test
	void whenHealthIsMissingThenStartsWithout() {
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withClassLoader(new FilteredClassLoader(Health.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ExecutorRegistry.class)
				.doesNotHaveBean(ExecutorsHealthAutoConfiguration.class));
	}

	@Test
	void whenActuatorIsMissingThenComponentIsThereAndAggregatorIsNot() {
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ExecutorsHealthIndicator.class)
				.doesNotHaveBean(StatusAggregator.class));
	}

	@Test
	void whenHealthEndpointIsNotAvailableThenNoAggregator() {
		this.runner.withPropertyValues("management.endpoint.health.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(StatusAggregator.class));
	}

	@Test
	void whenInitializationIsLazyThenAnswersWhenAsked() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBean(HealthEndpoint.class).healthForPath("executors").getStatus())
				.isEqualTo(Status.UP));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnIndicator {

		@Bean
		HealthIndicator executorsHealthIndicator() {
			return () -> Health.unknown().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAggregator {

		@Bean
		StatusAggregator ownAggregator() {
			return StatusAggregator.getDefault();
		}

	}

}
