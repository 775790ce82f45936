// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.ForkJoinPool;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorStates;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Watches the JDK's common pool, which {@code CompletableFuture} and parallel streams run
 * on.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnBean(value = NonBeanExecutors.class, search = SearchStrategy.CURRENT)
public final class CommonPoolAutoConfiguration {

	@Bean
	@Lazy(false)
	CommonPool executorMetricsCommonPool(NonBeanExecutors executors, ExecutorDecorator decorator,
			EarlyProperties properties) {
		return new CommonPool(executors, decorator, properties.get().sources().commonPool());
	}

	/**
	 * Known from the start of the application to its end, unless a bean is the pool.
	 */
	static final class CommonPool implements SmartInitializingSingleton, DisposableBean {

		private static final String NAME = "commonPool";

		private final NonBeanExecutors executors;

		private final ExecutorDecorator decorator;

		private final boolean enabled;

		private @Nullable MonitoredExecutor executor;

		CommonPool(NonBeanExecutors executors, ExecutorDecorator decorator, boolean enabled) {
			this.executors = executors;
			this.decorator = decorator;
			this.enabled = enabled;
		}

		@Override
		public void afterSingletonsInstantiated() {
			// starts no thread of the pool
			ForkJoinPool pool = ForkJoinPool.commonPool();
			if (this.enabled && this.decorator.find(pool) == null) {
				this.executor = this.executors.add(NAME, ForkJoinPool.class, ExecutorOrigin.JDK,
						ExecutorStates.ofForkJoin(pool),
						"CompletableFuture and parallel streams pass their tasks to it directly");
			}
		}

		@Override
		public void destroy() {
			this.executors.remove(this.executor);
			this.executor = null;
		}

	}

}
