// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.SafeLog;

/**
 * Warns once about settings for executors that do not exist, and names those that do:
 * when the application has started, since runners may hand some in.
 */
class UnknownOverrides implements BeanFactoryAware {

	private static final String PREFIX = ExecutorMetricsProperties.PREFIX + ".executors.";

	private static final SafeLog logger = new SafeLog(UnknownOverrides.class);

	private final ExecutorRegistry registry;

	private final EarlyProperties early;

	private @Nullable ListableBeanFactory beanFactory;

	private boolean told;

	UnknownOverrides(ExecutorRegistry registry, EarlyProperties early) {
		this.registry = registry;
		this.early = early;
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
		Map<String, ExecutorMetricsProperties.Executor> settings = this.early.get().executors();
		if (settings.isEmpty() || this.told) {
			return;
		}
		this.told = true;
		Set<String> existing = existing();
		Set<String> unknown = new TreeSet<>();
		for (String key : settings.keySet()) {
			String form = ByExecutorName.form(key);
			Set<String> meant = existing.stream()
				.filter((name) -> ByExecutorName.form(name).equals(form))
				.collect(Collectors.toCollection(TreeSet::new));
			// a scheduler of Reactor comes with its first use
			if (meant.isEmpty() && !(form.startsWith("reactor") && hasReactor())) {
				unknown.add(key);
			}
			else if (!meant.isEmpty() && !meant.contains(key)) {
				tellIfNotClear(key, meant, settings);
			}
		}
		if (!unknown.isEmpty()) {
			logger.warn(ExecutorMetricsProperties.PREFIX + ".executors has settings for " + unknown
					+ ", but no executor has that name so far. The executors are " + existing);
		}
	}

	private void tellIfNotClear(String key, Set<String> meant,
			Map<String, ExecutorMetricsProperties.Executor> settings) {
		Object value = settings.get(key);
		Set<String> reached = new TreeSet<>(meant);
		// where several keys are for one executor, Boot has merged what they set
		reached.removeIf((name) -> !Objects.equals(settings.get(name), value));
		if (meant.size() > 1) {
			logger.warn(PREFIX + key + " could mean any of the executors " + meant + ", and applies to "
					+ (reached.isEmpty() ? "none" : reached) + ". Use the exact name, such as " + PREFIX + "["
					+ meant.iterator().next() + "]");
		}
		else if (reached.isEmpty()) {
			logger.warn(PREFIX + key + " applies to no executor, because the executors " + meant
					+ " have settings under their exact names");
		}
	}

	private boolean hasReactor() {
		return this.early.get().sources().reactor() && this.beanFactory != null
				&& this.beanFactory.containsBean("executorMetricsReactorStart");
	}

	private Set<String> existing() {
		Set<String> names = new TreeSet<>();
		this.registry.all().stream().map(MonitoredExecutor::name).forEach(names::add);
		BeanFactory beanFactory = this.beanFactory;
		while (beanFactory instanceof ListableBeanFactory listable) {
			// a child context has the properties of its parent
			listable.getBeanProvider(ExecutorRegistry.class)
				.ifAvailable((registry) -> registry.all().stream().map(MonitoredExecutor::name).forEach(names::add));
			// lazy ones are not there yet, and stay lazy
			for (Class<?> type : EarlyProperties.TYPES) {
				names.addAll(Arrays.asList(listable.getBeanNamesForType(type, true, false)));
			}
			beanFactory = (listable instanceof HierarchicalBeanFactory child) ? child.getParentBeanFactory() : null;
		}
		return names;
	}

}
