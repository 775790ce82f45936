// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.metrics.actuate.endpoint.MetricsEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsEndpointAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration that keeps the units of {@code /actuator/metrics} where the OTLP
 * registry stands beside another one: that one answers, as it does without the starter.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = CompositeMeterRegistryAutoConfiguration.class,
		before = MetricsEndpointAutoConfiguration.class)
@ConditionalOnClass({ ConditionalOnAvailableEndpoint.class, MetricsEndpoint.class, OtlpMeterRegistry.class })
@ConditionalOnAvailableEndpoint(MetricsEndpoint.class)
public final class MetricsEndpointOrderAutoConfiguration {

	@Bean
	@ConditionalOnBean({ MeterRegistry.class, OtlpMeterRegistry.class })
	@ConditionalOnMissingBean
	MetricsEndpoint metricsEndpoint(MeterRegistry registry) {
		return new MetricsEndpoint(
				(registry instanceof CompositeMeterRegistry composite) ? new OtlpLast(composite) : registry);
	}

}
