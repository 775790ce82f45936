package io.github.executormetrics.autoconfigure;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.AsyncConfigurer;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Warns once about settings for executors that do not exist, and names those that do.
 */
class UnknownOverrides implements ApplicationListener<ContextRefreshedEvent>, BeanFactoryAware {

	private static final Log logger = LogFactory.getLog(UnknownOverrides.class);

	private final ExecutorRegistry registry;

	private final ExecutorMetricsProperties properties;

	private @Nullable ListableBeanFactory beanFactory;

	UnknownOverrides(ExecutorRegistry registry, ExecutorMetricsProperties properties) {
		this.registry = registry;
		this.properties = properties;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (beanFactory instanceof ListableBeanFactory listable) ? listable : null;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		// those of the web server are known once it has started
		if (event.getApplicationContext().getAutowireCapableBeanFactory() == this.beanFactory) {
			warn();
		}
	}

	private void warn() {
		Set<String> unknown = new TreeSet<>(this.properties.executors().keySet());
		if (unknown.isEmpty()) {
			return;
		}
		Set<String> existing = existing();
		unknown.removeAll(existing);
		if (!unknown.isEmpty()) {
			logger.warn("Ignoring " + ExecutorMetricsProperties.PREFIX + ".executors for " + unknown
					+ ": there is no such executor. The executors are " + existing);
		}
	}

	private Set<String> existing() {
		Set<String> names = new TreeSet<>();
		this.registry.all().stream().map(MonitoredExecutor::name).forEach(names::add);
		if (this.beanFactory != null) {
			// lazy ones are not there yet, and stay lazy
			for (Class<?> type : Arrays.asList(Executor.class, TaskScheduler.class, AsyncConfigurer.class)) {
				names.addAll(Arrays.asList(this.beanFactory.getBeanNamesForType(type, true, false)));
			}
		}
		return names;
	}

}
