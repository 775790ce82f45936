// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import io.micrometer.registry.otlp.OtlpMetricsSender;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

import io.github.executormetrics.autoconfigure.OnExecutorMetricsEnabled;

/**
 * Auto-configuration that keeps the log free of a stack trace a minute where the starter
 * brought the OTLP registry and nobody configured an endpoint for it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = OtlpMetricsExportAutoConfiguration.class)
@ConditionalOnClass({ OtlpMetricsExportAutoConfiguration.class, OtlpMetricsSender.class })
@Conditional(OnExecutorMetricsEnabled.class)
public final class QuietOtlpAutoConfiguration {

	@Bean
	static QuietOtlpSenderPostProcessor quietOtlpSenderPostProcessor(ConfigurableListableBeanFactory beanFactory,
			Environment environment) {
		return new QuietOtlpSenderPostProcessor(beanFactory, environment);
	}

}
