package io.github.executormetrics.autoconfigure;

import java.util.function.Supplier;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * The properties for what is there before the bean of them can be made, bound once with
 * the first use.
 */
final class EarlyProperties {

	private final Supplier<ExecutorMetricsProperties> properties;

	EarlyProperties(Environment environment) {
		this.properties = SingletonSupplier.of(() -> Binder.get(environment)
			.bindOrCreate(ExecutorMetricsProperties.PREFIX, ExecutorMetricsProperties.class));
	}

	ExecutorMetricsProperties get() {
		return this.properties.get();
	}

}
