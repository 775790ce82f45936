// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.ExecutorsEndpointWebExtension;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Shows the executors at the endpoint {@code executors}, where it is exposed.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(value = ExecutorRegistry.class, search = SearchStrategy.CURRENT)
@ConditionalOnAvailableEndpoint(ExecutorsEndpoint.class)
@EnableConfigurationProperties(ExecutorsEndpointProperties.class)
public final class ExecutorsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	ExecutorsEndpoint executorsEndpoint(ExecutorRegistry registry, ExecutorWatch watch,
			ExecutorsEndpointProperties properties) {
		return new ExecutorsEndpoint(registry, watch, properties.showStacks());
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	@ConditionalOnBean(value = ExecutorsEndpoint.class, search = SearchStrategy.CURRENT)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	ExecutorsEndpointWebExtension executorsEndpointWebExtension(ExecutorsEndpoint endpoint,
			ExecutorsEndpointProperties properties) {
		return new ExecutorsEndpointWebExtension(endpoint, properties.showStacks(), properties.roles());
	}

}
