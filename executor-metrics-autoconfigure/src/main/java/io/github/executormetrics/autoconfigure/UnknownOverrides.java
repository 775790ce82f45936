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
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.AsyncConfigurer;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Warns once about settings for executors that do not exist, and names those that do:
 * when the application has started, since runners may hand some in.
 */
class UnknownOverrides implements BeanFactoryAware {

	private static final Log logger = LogFactory.getLog(UnknownOverrides.class);

	private final ExecutorRegistry registry;

	private final ExecutorMetricsProperties properties;

	private @Nullable ListableBeanFactory beanFactory;

	private boolean told;

	UnknownOverrides(ExecutorRegistry registry, ExecutorMetricsProperties properties) {
		this.registry = registry;
		this.properties = properties;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (beanFactory instanceof ListableBeanFactory listable) ? listable : null;
	}

	@EventListener
	void refreshed(ContextRefreshedEvent event) {
		if (!event.getApplicationContext().containsBean("springApplicationArguments")) {
			// nothing will say that it is ready
			tell();
		}
	}

	@EventListener(ApplicationReadyEvent.class)
	void ready() {
		tell();
	}

	private void tell() {
		Set<String> unknown = new TreeSet<>(this.properties.executors().keySet());
		if (unknown.isEmpty() || this.told) {
			return;
		}
		this.told = true;
		Set<String> existing = existing();
		unknown.removeAll(existing);
		if (!unknown.isEmpty()) {
			logger.warn(ExecutorMetricsProperties.PREFIX + ".executors is set for " + unknown
					+ ", and no executor goes by that name so far. The executors are " + existing);
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
