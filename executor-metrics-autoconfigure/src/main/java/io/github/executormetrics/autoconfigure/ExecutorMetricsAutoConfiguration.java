// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Decorates every executor bean and watches it.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@Conditional(OnExecutorMetricsEnabled.class)
@EnableConfigurationProperties(ExecutorMetricsProperties.class)
@ImportRuntimeHints(ScheduledExecutorSeam.Hints.class)
public final class ExecutorMetricsAutoConfiguration {

	// infrastructure: an executor may be needed before all post-processors are there

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static EarlyProperties executorMetricsEarlyProperties(Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		return new EarlyProperties(environment, beanFactory);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ExecutorRegistry executorMetricsRegistry(EarlyProperties properties) {
		return new ExecutorRegistry(properties.get().toTaskSettings());
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ExecutorDecorator executorMetricsDecorator(ExecutorRegistry registry, BeanFactory beanFactory) {
		BeanFactory parent = (beanFactory instanceof HierarchicalBeanFactory child) ? child.getParentBeanFactory()
				: null;
		return new ExecutorDecorator(registry,
				(parent != null) ? parent.getBeanProvider(ExecutorDecorator.class).getIfAvailable() : null);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ExecutorBeanPostProcessor executorMetricsBeanPostProcessor(ObjectProvider<ExecutorDecorator> decorator,
			EarlyProperties properties) {
		return new ExecutorBeanPostProcessor(decorator, properties);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ExecutorBeanRemovals executorMetricsBeanRemovals(ExecutorBeanPostProcessor decorated) {
		return new ExecutorBeanRemovals(decorated);
	}

	@Bean
	@Lazy(false)
	RegisteredSingletons executorMetricsHandRegisteredSingletons(ExecutorDecorator decorator,
			ExecutorBeanRemovals removals, EarlyProperties properties, ApplicationContext context) {
		return new RegisteredSingletons(decorator, removals, properties.get(), context);
	}

	@Bean
	ScheduledExecutorSeam executorMetricsScheduledExecutorSeam(ExecutorDecorator decorator, EarlyProperties properties,
			BeanFactory beanFactory) {
		return new ScheduledExecutorSeam(decorator, properties.get(), beanFactory);
	}

	@Bean(destroyMethod = "stop")
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	ExecutorWatch executorMetricsWatch(ExecutorRegistry registry, EarlyProperties properties) {
		return new ExecutorWatch(registry, properties.get().toWatchSettings());
	}

	@Bean
	@Lazy(false)
	ExecutorWatchLifecycle executorMetricsWatchLifecycle(ExecutorWatch watch, EarlyProperties properties) {
		return new ExecutorWatchLifecycle(watch, properties.get().enabled());
	}

	@Bean
	StarvationEvents executorMetricsStarvationEvents(ExecutorWatch watch, ApplicationEventPublisher publisher,
			Environment environment) {
		return new StarvationEvents(watch, publisher, ShowStacks.of(environment) != ShowStacks.NEVER);
	}

	@Bean
	UnknownOverrides executorMetricsUnknownOverrides(ExecutorRegistry registry, EarlyProperties properties) {
		return new UnknownOverrides(registry, properties);
	}

	@Bean
	StartNotice executorMetricsStartNotice(ExecutorRegistry registry, EarlyProperties properties) {
		return new StartNotice(registry, properties.get());
	}

	@Bean
	NonBeanExecutors executorMetricsNonBeanExecutors(ExecutorRegistry registry, ExecutorDecorator decorator,
			EarlyProperties properties) {
		return new NonBeanExecutors(registry, decorator, properties.get());
	}

}
