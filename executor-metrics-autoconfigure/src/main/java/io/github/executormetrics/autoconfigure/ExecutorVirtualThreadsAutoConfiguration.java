// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import io.github.executormetrics.monitor.ExecutorRegistry;

/**
 * Watches the JDK's scheduler of virtual threads, and tells which tasks were pinned,
 * where the JDK has them: asked at run time, since it need not be the one of the build.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnBean(value = ExecutorRegistry.class, search = SearchStrategy.CURRENT)
public final class ExecutorVirtualThreadsAutoConfiguration {

	@Bean
	@Lazy(false)
	VirtualThreadSources executorMetricsVirtualThreads(ExecutorRegistry registry, NonBeanExecutors executors,
			EarlyProperties properties, ApplicationContext context) {
		return new VirtualThreadSources(registry, executors, properties.get(), context.getClassLoader());
	}

}
