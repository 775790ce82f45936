// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.PriorityOrdered;
import org.springframework.scheduling.TaskScheduler;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.ExecutorDecorator;

/**
 * Forgets executor beans that are destroyed, or whose definition is removed, while the
 * application context lives. When the context closes, all entries go with it, and until
 * then they show what still runs. A post-processor of its own: one that follows
 * definitions comes last, and decorating must not.
 */
class ExecutorBeanRemovals implements MergedBeanDefinitionPostProcessor, DestructionAwareBeanPostProcessor,
		BeanFactoryAware, ApplicationContextAware, PriorityOrdered {

	private final ExecutorBeanPostProcessor decorated;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private @Nullable ConfigurableApplicationContext context;

	ExecutorBeanRemovals(ExecutorBeanPostProcessor decorated) {
		this.decorated = decorated;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (beanFactory instanceof ConfigurableListableBeanFactory listable) ? listable : null;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = (context instanceof ConfigurableApplicationContext configurable) ? configurable : null;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {
	}

	@Override
	public void resetBeanDefinition(String beanName) {
		forget(name(beanName));
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return ExecutorBeanPostProcessor.isExecutor(bean)
				|| (bean instanceof FactoryBean<?> factory && makesExecutors(factory));
	}

	/**
	 * The product of a factory is destroyed with the factory, and unseen.
	 */
	private static boolean makesExecutors(FactoryBean<?> factory) {
		try {
			Class<?> type = factory.getObjectType();
			return type != null
					&& (Executor.class.isAssignableFrom(type) || TaskScheduler.class.isAssignableFrom(type));
		}
		catch (RuntimeException | LinkageError ex) {
			// the user's code, which Spring asks leniently, too
			return false;
		}
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		ExecutorDecorator decorator = this.decorated.used();
		if (decorator == null || isClosing()) {
			return;
		}
		if (bean instanceof FactoryBean<?>) {
			forget(name(beanName));
		}
		else {
			decorator.forget(bean, name(beanName), isMadeAgain(beanName));
		}
	}

	private void forget(String name) {
		ExecutorDecorator decorator = this.decorated.used();
		if (decorator != null && !isClosing()) {
			decorator.forget(name, ExecutorOrigin.BEAN);
		}
	}

	boolean isClosing() {
		return this.context != null && this.context.isClosed();
	}

	/**
	 * Whether the bean has a scope, which makes the next instance when it is asked for.
	 */
	private boolean isMadeAgain(String beanName) {
		return this.beanFactory != null && this.beanFactory.containsBeanDefinition(beanName)
				&& !this.beanFactory.getMergedBeanDefinition(beanName).isSingleton();
	}

	private static String name(String beanName) {
		return ScopedProxyUtils.isScopedTarget(beanName) ? ScopedProxyUtils.getOriginalBeanName(beanName) : beanName;
	}

}
