// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.PriorityOrdered;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.reactor.ReactorExecutors;

/**
 * Meters the schedulers of Reactor, where it is present.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnClass(Schedulers.class)
@ConditionalOnBean(value = ExecutorRegistry.class, search = SearchStrategy.CURRENT)
public final class ReactorExecutorsAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ReactorStart executorMetricsReactorStart(ObjectProvider<ExecutorRegistry> registry,
			EarlyProperties properties) {
		return new ReactorStart(registry, properties);
	}

	/**
	 * A post-processor that processes nothing, so as to be there before the first bean
	 * that uses a scheduler: the workers of some are made once and for all.
	 */
	static final class ReactorStart implements BeanPostProcessor, PriorityOrdered, InitializingBean, DisposableBean {

		private final ObjectProvider<ExecutorRegistry> registry;

		private final EarlyProperties early;

		private @Nullable ReactorExecutors executors;

		ReactorStart(ObjectProvider<ExecutorRegistry> registry, EarlyProperties early) {
			this.registry = registry;
			this.early = early;
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterPropertiesSet() {
			ExecutorMetricsProperties properties = this.early.get();
			if (properties.enabled() && properties.sources().reactor()) {
				this.executors = ReactorExecutors.open(this.registry.getObject(), properties::reasonToLeave);
			}
		}

		@Override
		public void destroy() {
			if (this.executors != null) {
				this.executors.close();
			}
		}

	}

}
