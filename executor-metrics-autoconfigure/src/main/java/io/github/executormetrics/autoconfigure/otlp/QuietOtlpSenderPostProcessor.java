// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import java.lang.reflect.Method;

import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsConnectionDetails;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.core.env.Environment;

import io.github.executormetrics.autoconfigure.OnExecutorMetricsEnabled;

/**
 * Makes the sender that Boot contributes quiet where no endpoint is configured, and
 * leaves every other one alone.
 * <p>
 * Boot's own bean is wrapped and not replaced, since that decides at run time: a
 * condition would be frozen by AOT processing, and an endpoint that is named only where
 * the application runs would then lose Boot's TLS settings and warnings.
 */
final class QuietOtlpSenderPostProcessor implements BeanPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	QuietOtlpSenderPostProcessor(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof OtlpHttpMetricsSender sender && isContributedByBoot(beanName)
				&& OnExecutorMetricsEnabled.isEnabled(this.environment) && !isEndpointConfigured()) {
			return new QuietOtlpMetricsSender(sender, Clock.SYSTEM);
		}
		return bean;
	}

	private boolean isContributedByBoot(String beanName) {
		if (!this.beanFactory.containsBeanDefinition(beanName)) {
			return false;
		}
		// the factory bean's name would not do: there is none after AOT processing
		Method factoryMethod = (this.beanFactory
			.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition)
					? definition.getResolvedFactoryMethod() : null;
		return factoryMethod != null && factoryMethod.getDeclaringClass() == OtlpMetricsExportAutoConfiguration.class;
	}

	private boolean isEndpointConfigured() {
		// Boot's property, and what Docker Compose, Testcontainers or the user
		// contributed
		return this.beanFactory.getBeanProvider(OtlpMetricsConnectionDetails.class)
			.stream()
			.anyMatch((details) -> details.getUrl() != null)
				// read by Micrometer itself where Boot was told not to map them
				|| this.environment.containsProperty("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
				|| this.environment.containsProperty("OTEL_EXPORTER_OTLP_ENDPOINT");
	}

}
