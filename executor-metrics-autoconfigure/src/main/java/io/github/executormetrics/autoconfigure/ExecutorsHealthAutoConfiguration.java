// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.actuate.ExecutorsHealthIndicator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Adds the component {@code executors} to the health of the application, and lets the
 * root show its status.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class,
		before = { HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class })
@ConditionalOnClass({ Health.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(value = ExecutorRegistry.class, search = SearchStrategy.CURRENT)
@ConditionalOnEnabledHealthIndicator("executors")
public final class ExecutorsHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "executorsHealthIndicator", search = SearchStrategy.CURRENT)
	HealthIndicator executorsHealthIndicator(ExecutorRegistry registry, ExecutorWatch watch, EarlyProperties early) {
		ExecutorMetricsProperties properties = early.get();
		if (!properties.enabled()) {
			// switched off at run time, past the conditions of a processed application
			return () -> Health.up().build();
		}
		return new ExecutorsHealthIndicator(registry, watch, new Status(properties.health().status()));
	}

	/**
	 * Boot's aggregator drops a status that it does not know.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnAvailableEndpoint(HealthEndpoint.class)
	@EnableConfigurationProperties(HealthEndpointProperties.class)
	static class StatusConfiguration {

		// a parent's serves this context, too, as with Boot's own
		@Bean
		@ConditionalOnMissingBean
		StatusAggregator healthStatusAggregator(HealthEndpointProperties health, EarlyProperties early) {
			List<String> users = health.getStatus().getOrder();
			if (!users.isEmpty()) {
				return new OrderedStatusAggregator(users);
			}
			ExecutorMetricsProperties properties = early.get();
			return properties.enabled() ? new OrderedStatusAggregator(withStatus(properties.health().status()))
					: StatusAggregator.getDefault();
		}

		private static List<String> withStatus(String starved) {
			List<String> order = new ArrayList<>(List.of(Status.DOWN.getCode(), Status.OUT_OF_SERVICE.getCode(),
					Status.UP.getCode(), Status.UNKNOWN.getCode()));
			if (!order.contains(starved)) {
				order.add(order.indexOf(Status.UP.getCode()), starved);
			}
			return order;
		}

	}

}
