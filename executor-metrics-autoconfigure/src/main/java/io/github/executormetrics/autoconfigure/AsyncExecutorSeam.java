// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.interceptor.AsyncExecutionAspectSupport;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.scheduling.annotation.AsyncAnnotationAdvisor;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.decorate.ExecutorDecorator;

/**
 * Names the tasks of {@code @Async} methods, and decorates the executor that those get
 * which ask for none: from an {@link AsyncConfigurer}, which itself is never replaced, or
 * one that Spring makes where it finds no other. Neither need be a bean.
 */
final class AsyncExecutorSeam {

	private static final String DEFAULT_NAME = "asyncDefault";

	private final ExecutorDecorator decorator;

	private final ExecutorMetricsProperties properties;

	private final @Nullable ConfigurableListableBeanFactory beanFactory;

	AsyncExecutorSeam(ExecutorDecorator decorator, ExecutorMetricsProperties properties,
			@Nullable ConfigurableListableBeanFactory beanFactory) {
		this.decorator = decorator;
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	/**
	 * Stand between the methods and their executors.
	 * @param processor what advises the methods, initialized
	 */
	void install(AsyncAnnotationBeanPostProcessor processor) {
		Field field = field(AbstractAdvisingBeanPostProcessor.class, "advisor");
		if (field == null || !(ReflectionUtils.getField(field, processor) instanceof AsyncAnnotationAdvisor advisor)
				|| !(advisor.getAdvice() instanceof AsyncExecutionAspectSupport async)) {
			// a user's own
			return;
		}
		decorateDefault(async, name());
		AsyncTaskAdvisor named = AsyncTaskAdvisor.of(advisor);
		if (named != null) {
			ReflectionUtils.setField(field, processor, named);
		}
	}

	@SuppressWarnings("unchecked")
	private void decorateDefault(AsyncExecutionAspectSupport async, String name) {
		Field executorField = field(AsyncExecutionAspectSupport.class, "defaultExecutor");
		Field handlerField = field(AsyncExecutionAspectSupport.class, "exceptionHandler");
		if (executorField == null || handlerField == null) {
			return;
		}
		Supplier<@Nullable Executor> executor = (Supplier<@Nullable Executor>) ReflectionUtils.getField(executorField,
				async);
		if (executor == null) {
			return;
		}
		async.configure(() -> {
			Executor found = executor.get();
			return (found != null) ? decorate(found, name) : null;
		}, (Supplier<AsyncUncaughtExceptionHandler>) ReflectionUtils.getField(handlerField, async));
	}

	private Executor decorate(Executor executor, String name) {
		Object known = this.decorator.find(executor);
		if (known != null) {
			// a bean, or the executor behind one: what counts its tasks, where any does
			return (Executor) known;
		}
		String reason = this.properties.reasonToLeave(name);
		if (reason != null) {
			this.decorator.leave(executor, name, reason);
			return executor;
		}
		return (Executor) this.decorator.decorate(executor, name, Executor.class);
	}

	/**
	 * The executor is no bean: it goes by the name of the configurer that makes it.
	 */
	private String name() {
		String[] configurers = (this.beanFactory != null) ? BeanFactoryUtils
			.beanNamesForTypeIncludingAncestors(this.beanFactory, AsyncConfigurer.class, true, false) : new String[0];
		return (configurers.length == 1) ? configurers[0] : DEFAULT_NAME;
	}

	private static @Nullable Field field(Class<?> owner, String name) {
		Field field = ReflectionUtils.findField(owner, name);
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
	}

}
