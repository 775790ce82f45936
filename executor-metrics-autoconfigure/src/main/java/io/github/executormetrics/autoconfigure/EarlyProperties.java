// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.util.function.SingletonSupplier;

/**
 * The properties, bound once with the first use, which comes before the bean of them can
 * be made; that bean is left to who asks for it, such as the endpoint
 * {@code configprops}. Other than it, they know the names of the executor beans.
 */
final class EarlyProperties {

	/** What an executor may be declared as. */
	static final List<Class<?>> TYPES = List.of(Executor.class, TaskScheduler.class, AsyncConfigurer.class);

	private final Supplier<ExecutorMetricsProperties> properties;

	EarlyProperties(Environment environment, ConfigurableListableBeanFactory beanFactory) {
		this.properties = SingletonSupplier.of(() -> {
			ExecutorMetricsProperties bound = KnownProperties.bind(environment);
			return bound.forExecutors(executors(bound.executors().keySet(), beanFactory));
		});
	}

	ExecutorMetricsProperties get() {
		return this.properties.get();
	}

	/** The beans that keys could mean; no other bean's type is asked for. */
	private static Set<String> executors(Set<String> keys, ConfigurableListableBeanFactory beanFactory) {
		if (keys.isEmpty()) {
			return Set.of();
		}
		Set<String> forms = keys.stream().map(ByExecutorName::form).collect(Collectors.toSet());
		return Stream.of(beanFactory.getBeanDefinitionNames(), beanFactory.getSingletonNames())
			.flatMap(Stream::of)
			.filter((name) -> forms.contains(ByExecutorName.form(name)))
			.filter((name) -> isExecutor(beanFactory.getType(name, false)))
			.collect(Collectors.toSet());
	}

	private static boolean isExecutor(@Nullable Class<?> type) {
		return type != null && TYPES.stream().anyMatch((executor) -> executor.isAssignableFrom(type));
	}

}
