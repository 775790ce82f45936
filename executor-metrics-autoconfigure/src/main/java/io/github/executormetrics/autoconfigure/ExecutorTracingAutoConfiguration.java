package io.github.executormetrics.autoconfigure;

import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Marks the spans of tasks that end while their executor starves, where there is a
 * tracer.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnClass(Tracer.class)
@ConditionalOnBean(ExecutorWatch.class)
public final class ExecutorTracingAutoConfiguration {

	@Bean
	SmartInitializingSingleton executorMetricsIncidentSpans(ExecutorWatch watch, ObjectProvider<Tracer> tracer) {
		return () -> tracer.ifUnique((unique) -> watch.onIncident(new IncidentSpans(unique)));
	}

}
