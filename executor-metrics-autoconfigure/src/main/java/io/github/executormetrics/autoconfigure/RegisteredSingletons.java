// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.ExecutorDecorator;

/**
 * Makes executors known that were registered as a singleton by hand, which no
 * post-processor sees: once all singletons are there, and those that come until the
 * application context is refreshed.
 */
final class RegisteredSingletons
		implements SmartInitializingSingleton, ApplicationListener<ContextRefreshedEvent>, Ordered {

	static final String REASON = "registered as a singleton by hand, so it cannot be replaced: "
			+ "register a bean definition to have its tasks metered";

	private final ExecutorDecorator decorator;

	private final ExecutorBeanRemovals removals;

	private final ExecutorMetricsProperties properties;

	private final ApplicationContext context;

	RegisteredSingletons(ExecutorDecorator decorator, ExecutorBeanRemovals removals,
			ExecutorMetricsProperties properties, ApplicationContext context) {
		this.decorator = decorator;
		this.removals = removals;
		this.properties = properties;
		this.context = context;
	}

	@Override
	public int getOrder() {
		// before the tasks of @Scheduled methods are scheduled
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void afterSingletonsInstantiated() {
		look();
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() == this.context) {
			look();
		}
	}

	private void look() {
		if (!this.properties.enabled()
				|| !(this.context.getAutowireCapableBeanFactory() instanceof DefaultListableBeanFactory beanFactory)) {
			return;
		}
		for (String name : beanFactory.getSingletonNames()) {
			if (!beanFactory.containsBeanDefinition(name)) {
				Object singleton = beanFactory.getSingleton(name);
				if (singleton != null && ExecutorBeanPostProcessor.isExecutor(singleton)) {
					add(singleton, name, beanFactory);
				}
			}
		}
	}

	private void add(Object singleton, String name, DefaultListableBeanFactory beanFactory) {
		String left = this.properties.reasonToLeave(name);
		if (left != null) {
			this.decorator.leave(singleton, name, left);
		}
		else if (!name.equals(this.decorator.nameOf(singleton))) {
			this.decorator.observe(singleton, name, REASON);
		}
		// such a singleton has no callback of its own, but what depends on it goes first
		String callback = "executorMetrics.forget." + name;
		beanFactory.registerDependentBean(name, callback);
		beanFactory.registerDisposableBean(callback, () -> forget(name));
	}

	private void forget(String name) {
		if (!this.removals.isClosing()) {
			this.decorator.forget(name, ExecutorOrigin.BEAN);
		}
	}

}
