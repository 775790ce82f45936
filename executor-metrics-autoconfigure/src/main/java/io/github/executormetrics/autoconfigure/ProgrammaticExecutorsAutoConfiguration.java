// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

import io.github.executormetrics.ExecutorMetrics;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;

/**
 * Lets an application hand in executors that are no beans. There where nothing is
 * metered, too, so that who asks for it starts.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
public final class ProgrammaticExecutorsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	@Fallback
	ExecutorMetrics executorMetricsProgrammaticExecutors(ObjectProvider<ExecutorRegistry> registry,
			ObjectProvider<ExecutorDecorator> decorator, ObjectProvider<EarlyProperties> properties,
			BeanFactory beanFactory) {
		EarlyProperties given = properties.getIfAvailable();
		return (given != null && given.get().enabled())
				? new ProgrammaticExecutors(registry.getObject(), decorator.getObject(), given.get(), beanFactory)
				: new Unmetered();
	}

	/**
	 * Gives back what it gets.
	 */
	static final class Unmetered implements ExecutorMetrics {

		@Override
		public Executor monitor(Executor executor, String name) {
			ProgrammaticExecutors.check(executor, name);
			return executor;
		}

		@Override
		public ExecutorService monitor(ExecutorService executor, String name) {
			ProgrammaticExecutors.check(executor, name);
			return executor;
		}

		@Override
		public ScheduledExecutorService monitor(ScheduledExecutorService executor, String name) {
			ProgrammaticExecutors.check(executor, name);
			return executor;
		}

		@Override
		public boolean forget(String name) {
			return false;
		}

	}

}
