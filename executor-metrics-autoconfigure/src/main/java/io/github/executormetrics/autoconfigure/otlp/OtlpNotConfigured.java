// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import java.util.List;

import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsConnectionDetails;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.MethodMetadata;

/**
 * Matches where OTLP is as Boot makes it from the class path alone: no property, no
 * environment variable and no bean of the user's says anything of it.
 */
final class OtlpNotConfigured extends SpringBootCondition implements ConfigurationCondition {

	private static final String PREFIX = "management.otlp.metrics.export";

	/** Read by Micrometer itself where Boot was told not to map them. */
	private static final List<String> VARIABLES = List.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
			"OTEL_EXPORTER_OTLP_ENDPOINT");

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("OTLP configuration of the user");
		Environment environment = context.getEnvironment();
		if (Binder.get(environment).bind(PREFIX, Bindable.mapOf(String.class, Object.class)).isBound()) {
			return ConditionOutcome.noMatch(message.found("properties").items(PREFIX));
		}
		if (VARIABLES.stream().anyMatch(environment::containsProperty)) {
			return ConditionOutcome.noMatch(message.found("one of the variables").items(VARIABLES));
		}
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		if (beanFactory != null) {
			for (Class<?> type : List.of(OtlpConfig.class, OtlpMetricsConnectionDetails.class, OtlpMetricsSender.class,
					OtlpMeterRegistry.class)) {
				for (String name : beanFactory.getBeanNamesForType(type, true, false)) {
					if (!isContributedByBoot(beanFactory, name)) {
						return ConditionOutcome.noMatch(message.found("bean").items(name));
					}
				}
			}
		}
		return ConditionOutcome.match(message.because("nothing is configured"));
	}

	private static boolean isContributedByBoot(ConfigurableListableBeanFactory beanFactory, String name) {
		BeanDefinition definition = beanFactory.containsBeanDefinition(name) ? beanFactory.getBeanDefinition(name)
				: null;
		MethodMetadata method = (definition instanceof AnnotatedBeanDefinition annotated)
				? annotated.getFactoryMethodMetadata() : null;
		return method != null
				&& OtlpMetricsExportAutoConfiguration.class.getName().equals(method.getDeclaringClassName());
	}

}
