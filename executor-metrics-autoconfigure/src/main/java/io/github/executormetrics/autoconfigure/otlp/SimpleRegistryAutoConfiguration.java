// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.ConditionalOnEnabledMetricsExport;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimplePropertiesConfigAdapter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration that keeps the registry that Boot gives an application without any,
 * where the starter's OTLP registry alone would make Boot give none.
 * <p>
 * Stands whether executors are metered or not, since it is what the application has
 * without the starter.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SimpleMetricsExportAutoConfiguration.class,
		before = CompositeMeterRegistryAutoConfiguration.class)
@ConditionalOnClass({ OtlpMetricsExportAutoConfiguration.class, OtlpMeterRegistry.class })
@ConditionalOnBean(Clock.class)
@ConditionalOnMissingBean(value = MeterRegistry.class, ignored = OtlpMeterRegistry.class)
@ConditionalOnEnabledMetricsExport("simple")
@Conditional(OtlpNotConfigured.class)
@EnableConfigurationProperties(SimpleProperties.class)
public final class SimpleRegistryAutoConfiguration {

	@Bean
	SimpleMeterRegistry simpleMeterRegistry(SimpleConfig config, Clock clock) {
		return new SimpleMeterRegistry(config, clock);
	}

	@Bean
	@ConditionalOnMissingBean
	SimpleConfig simpleConfig(SimpleProperties properties) {
		return new SimplePropertiesConfigAdapter(properties);
	}

}
