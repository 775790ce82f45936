package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.decorate.ExecutorDecorator;

/**
 * Decorates the executor that {@code @Async} methods get from an {@link AsyncConfigurer},
 * which need not be a bean. The configurer itself is never replaced.
 */
final class AsyncExecutorSeam {

	private final ObjectProvider<ExecutorDecorator> decorator;

	private final ExecutorMetricsProperties properties;

	private final @Nullable ConfigurableListableBeanFactory beanFactory;

	AsyncExecutorSeam(ObjectProvider<ExecutorDecorator> decorator, ExecutorMetricsProperties properties,
			@Nullable ConfigurableListableBeanFactory beanFactory) {
		this.decorator = decorator;
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	@SuppressWarnings("unchecked")
	void install(AsyncAnnotationBeanPostProcessor processor) {
		Supplier<Executor> executor = (Supplier<Executor>) read(processor, "executor");
		if (executor == null) {
			return;
		}
		String name = name();
		ExecutorDecorator decorator = this.decorator.getObject();
		processor.configure(() -> {
			Executor configured = executor.get();
			return (configured != null) ? decorate(configured, name, decorator) : null;
		}, (Supplier) read(processor, "exceptionHandler"));
	}

	private Executor decorate(Executor executor, String name, ExecutorDecorator decorator) {
		Object known = decorator.find(executor);
		if (known != null) {
			// a bean, or the executor behind one: what counts its tasks, where any does
			return (Executor) known;
		}
		String reason = this.properties.reasonToLeave(name);
		if (reason != null) {
			decorator.leave(executor, name, reason);
			return executor;
		}
		return (Executor) decorator.decorate(executor, name, Executor.class);
	}

	/**
	 * The executor is no bean: it goes by the name of the configurer that makes it.
	 */
	private String name() {
		String[] configurers = (this.beanFactory != null)
				? this.beanFactory.getBeanNamesForType(AsyncConfigurer.class, true, false) : new String[0];
		return (configurers.length == 1) ? configurers[0] : "asyncConfigurer";
	}

	private static @Nullable Object read(AsyncAnnotationBeanPostProcessor processor, String name) {
		Field field = ReflectionUtils.findField(AsyncAnnotationBeanPostProcessor.class, name);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, processor);
	}

}
