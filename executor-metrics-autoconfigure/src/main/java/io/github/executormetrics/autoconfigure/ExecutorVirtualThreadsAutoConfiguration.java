package io.github.executormetrics.autoconfigure;

import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

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
	VirtualThreadSources executorMetricsVirtualThreads(ExecutorRegistry registry, NonBeanExecutors executors,
			ExecutorMetricsProperties properties, ApplicationContext context) {
		return new VirtualThreadSources(registry, executors, properties, context.getClassLoader());
	}

	@Bean
	static LazyInitializationExcludeFilter eagerExecutorMetricsVirtualThreads() {
		return LazyInitializationExcludeFilter.forBeanTypes(VirtualThreadSources.class);
	}

}
