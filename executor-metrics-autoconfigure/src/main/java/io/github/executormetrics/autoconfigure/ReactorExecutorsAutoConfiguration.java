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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;
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
@ConditionalOnBean(ExecutorRegistry.class)
public final class ReactorExecutorsAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ReactorStart executorMetricsReactorStart(ObjectProvider<ExecutorRegistry> registry,
			Environment environment) {
		return new ReactorStart(registry, environment);
	}

	/**
	 * A post-processor that processes nothing, so as to be there before the first bean
	 * that uses a scheduler: the workers of some are made once and for all.
	 */
	static final class ReactorStart implements BeanPostProcessor, PriorityOrdered, InitializingBean, DisposableBean {

		private final ObjectProvider<ExecutorRegistry> registry;

		private final Environment environment;

		private @Nullable ReactorExecutors executors;

		ReactorStart(ObjectProvider<ExecutorRegistry> registry, Environment environment) {
			this.registry = registry;
			this.environment = environment;
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterPropertiesSet() {
			ExecutorMetricsProperties properties = ExecutorMetricsAutoConfiguration.bind(this.environment);
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
