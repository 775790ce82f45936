// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.ResolvableType;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;

import io.github.executormetrics.decorate.ExecutorDecorator;

/**
 * Decorates executor beans, each once: early references included, so that a circular
 * reference that starts without us starts with us and all hold the same instance. Comes
 * before the processors of AOP, so that a user's aspect sees the user's task.
 */
class ExecutorBeanPostProcessor implements SmartInstantiationAwareBeanPostProcessor, BeanFactoryAware, PriorityOrdered {

	private final ObjectProvider<ExecutorDecorator> decorator;

	private final EarlyProperties properties;

	// the beans themselves: a creation may fail after its early reference
	private final Map<String, Object> early = new ConcurrentHashMap<>();

	// each look-up of an ObjectProvider walks through all beans
	private volatile @Nullable ExecutorDecorator used;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	ExecutorBeanPostProcessor(ObjectProvider<ExecutorDecorator> decorator, EarlyProperties properties) {
		this.decorator = decorator;
		this.properties = properties;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (beanFactory instanceof ConfigurableListableBeanFactory listable) ? listable : null;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public Object getEarlyBeanReference(Object bean, String beanName) {
		if (!isExecutor(bean) || ExecutorDecorator.isMeteredInside(bean)) {
			// stays the same object, and is metered once it is initialized
			return bean;
		}
		this.early.put(beanName, bean);
		return decorate(bean, beanName);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AsyncAnnotationBeanPostProcessor async) {
			installSeam(async);
			return bean;
		}
		if (!isExecutor(bean) || this.early.remove(beanName) == bean) {
			return bean;
		}
		return decorate(bean, beanName);
	}

	private void installSeam(AsyncAnnotationBeanPostProcessor async) {
		ExecutorMetricsProperties properties = this.properties.get();
		if (properties.enabled() && properties.async().enabled()) {
			new AsyncExecutorSeam(decorator(), properties, this.beanFactory).install(async);
		}
	}

	static boolean isExecutor(Object bean) {
		return (bean instanceof Executor || bean instanceof TaskScheduler)
				// its product comes by itself, the target behind a scoped proxy too
				&& !(bean instanceof FactoryBean<?>) && !(bean instanceof ScopedObject);
	}

	private Object decorate(Object bean, String beanName) {
		ExecutorMetricsProperties properties = this.properties.get();
		if (!properties.enabled()) {
			return bean;
		}
		String name = ExecutorBeanNames.of(bean, beanName, this.beanFactory);
		ExecutorDecorator decorator = decorator();
		String reason = properties.reasonToLeave(name);
		if (reason != null) {
			decorator.leave(bean, name, reason);
			return bean;
		}
		Object decorated = decorator.decorate(bean, name, declaredType(beanName));
		if (isMadeByBoot(beanName)) {
			decorator.madeByBoot(name, bean instanceof TaskScheduler);
		}
		return decorated;
	}

	/** Its settings are Boot's properties. */
	private boolean isMadeByBoot(String beanName) {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		if (beanFactory == null || !beanFactory.containsBeanDefinition(beanName)) {
			return false;
		}
		String factory = beanFactory.getBeanDefinition(beanName).getFactoryBeanName();
		return factory != null && factory.startsWith("org.springframework.boot.");
	}

	private ExecutorDecorator decorator() {
		ExecutorDecorator decorator = this.used;
		if (decorator == null) {
			decorator = this.decorator.getObject();
			this.used = decorator;
		}
		return decorator;
	}

	/**
	 * The decorator, unless there was nothing to decorate so far.
	 * @return the decorator, or null
	 */
	@Nullable ExecutorDecorator used() {
		return this.used;
	}

	/**
	 * The type that the bean's definition gives, which is what others can ask for before
	 * the bean is there.
	 */
	private @Nullable Class<?> declaredType(String beanName) {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		if (beanFactory == null || !beanFactory.containsBeanDefinition(beanName)) {
			return null;
		}
		BeanDefinition definition = beanFactory.getMergedBeanDefinition(beanName);
		Class<?> type = definition.getResolvableType().resolve();
		if (type != null && FactoryBean.class.isAssignableFrom(type)) {
			return beanFactory.getType(beanName);
		}
		return (definition.getResolvableType() != ResolvableType.NONE) ? type : null;
	}

}
