// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Set;
import java.util.function.Function;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.TaskObservationConvention;
import io.github.executormetrics.TaskObservationDocumentation;
import io.github.executormetrics.TaskSpans;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskTracing;
import io.github.executormetrics.tracing.MicrometerTaskTracing;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Carries traces into tasks, puts spans around them, and marks the spans of tasks on a
 * starved executor, where there is a tracer.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnClass({ Tracer.class, ObservationRegistry.class })
@ConditionalOnBean(value = ExecutorWatch.class, search = SearchStrategy.CURRENT)
public final class ExecutorTracingAutoConfiguration {

	// Boot up to 3.5 had no tracer then; it ignores the property since, which says the
	// same all the same
	private static final String TRACING_ENABLED = "management.tracing.enabled";

	@Bean
	SmartInitializingSingleton executorMetricsTaskTracing(ExecutorRegistry executors, ExecutorWatch watch,
			ObjectProvider<Tracer> tracer, ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<TaskObservationConvention> convention, EarlyProperties early, Environment environment) {
		return () -> tracer.ifUnique((unique) -> {
			watch.onIncident(new IncidentSpans(unique));
			ExecutorMetricsProperties properties = early.get();
			// what stands in for a tracer that is switched off has nothing to carry
			if (properties.enabled() && unique != Tracer.NOOP
					&& environment.getProperty(TRACING_ENABLED, Boolean.class, true)) {
				ObservationRegistry registry = observations.getIfUnique(ObservationRegistry::create);
				executors
					.onEach((executor) -> trace(executor, properties, (propagate) -> new MicrometerTaskTracing(registry,
							unique, propagate, properties.tracing().spans(), convention.getIfUnique())));
			}
		});
	}

	/**
	 * A request begins a trace of its own, or goes on with its client's: what hands it to
	 * a thread of the server is none of it. Reactor's tasks are left to Reactor, on
	 * executors of the user's by their class.
	 */
	private static void trace(MonitoredExecutor executor, ExecutorMetricsProperties properties,
			Function<Boolean, TaskTracing> tracing) {
		boolean propagate = properties.propagate(executor.name());
		if (executor.origin() != ExecutorOrigin.WEB_SERVER && executor.origin() != ExecutorOrigin.REACTOR
				&& (propagate || properties.tracing().spans() != TaskSpans.OFF)) {
			executor.recorder().tracing(tracing.apply(propagate));
		}
	}

	/**
	 * The timers of executors hold the time of each task already, so the observation of a
	 * task makes no meter. Known by its default name: a convention of the user's that
	 * renames the observation asks for a meter by that name.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterFilter.class)
	static class NoMeters {

		@Bean
		static MeterFilter executorMetricsNoTaskObservationMeters() {
			Set<String> names = Set.of(TaskObservationDocumentation.NAME,
					TaskObservationDocumentation.NAME + ".active");
			return MeterFilter.deny((id) -> names.contains(id.getName()));
		}

	}

}
