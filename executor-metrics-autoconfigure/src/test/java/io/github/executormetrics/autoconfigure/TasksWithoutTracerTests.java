// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.autoconfigure.Traces.ScopeCounter;
import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Applications that trace nothing, for want of a tracer or of the classes.
 */
class TasksWithoutTracerTests {

	private static final String TRACING = "io.micrometer.tracing.";

	private static final String OBSERVATION = "io.micrometer.observation.";

	private static final String CONTEXT = "io.micrometer.context.";

	// an application without tracing did not start any more, or paid for it
	@ParameterizedTest
	@ValueSource(strings = { TRACING, TRACING + "," + CONTEXT, TRACING + "," + OBSERVATION + "," + CONTEXT })
	void startWhenClassesAreNotThereThenTasksAreMeteredAndNothingOfTracingIsLoaded(String missing) throws Exception {
		try (OwnClasses loader = new OwnClasses(missing.split(","))) {
			Runners.without()
				.withClassLoader(loader)
				.withUserConfiguration(Ours.class)
				.withPropertyValues("executor-metrics.tracing.spans=always", "executor-metrics.tracing.propagate=true")
				.withBean("tasks", ThreadPoolTaskExecutor.class)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(Runners.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> "done")))
						.isEqualTo("done");
					MeterRegistry registry = context.getBean(MeterRegistry.class);
					await().until(() -> registry.get("executor.task.run")
						.tag("name", "tasks")
						.timers()
						.stream()
						.mapToLong(Timer::count)
						.sum() == 1);
					assertThat(context.getBeanDefinitionNames()).contains("executorMetricsWatch")
						.noneMatch((name) -> name.contains("TaskTracing"));
				});
			assertThat(loader.loaded).contains(ExecutorMetricsProperties.class.getName())
				.noneMatch((name) -> name.startsWith("io.github.executormetrics.tracing."));
		}
	}

	// a property was not known where its classes were not, and a typo went unnoticed
	@Test
	void startWhenClassesAreNotThereThenPropertiesAreStillBound() throws Exception {
		try (OwnClasses loader = new OwnClasses(TRACING)) {
			Runners.without()
				.withClassLoader(loader)
				.withUserConfiguration(Ours.class)
				.withPropertyValues("executor-metrics.tracing.spans=sometimes")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("TaskSpans.sometimes"));
		}
	}

	// what stands in for a tracer was asked for each task
	@Test
	void startWhenTracerIsNoopThenTasksRunAndNothingIsObserved() {
		ScopeCounter counter = new ScopeCounter();
		Runners.with()
			.withConfiguration(
					AutoConfigurations.of(ObservationAutoConfiguration.class, NoopTracerAutoConfiguration.class))
			.withPropertyValues("executor-metrics.tracing.spans=always")
			.withBean(ScopeCounter.class, () -> counter)
			.withBean("tasks", ThreadPoolTaskExecutor.class)
			.run((context) -> {
				assertThat(context.getBean(Tracer.class)).isSameAs(Tracer.NOOP);
				assertThat(Runners.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> "done")))
					.isEqualTo("done");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "tasks").completed()).isEqualTo(1));
				assertThat(counter.opened()).isZero();
			});
	}

	// it still paid for carrying what nobody wanted
	@Test
	void startWhenTracingIsSwitchedOffThenNothingIsCarriedNorOpened() {
		ScopeCounter counter = new ScopeCounter();
		Traces.with()
			.withPropertyValues("management.tracing.enabled=false", "executor-metrics.tracing.spans=always")
			.withBean(ScopeCounter.class, () -> counter)
			.withBean("tasks", ThreadPoolTaskExecutor.class)
			.run((context) -> {
				try (Within within = new Within(context, "submitter", "blue")) {
					assertThat(
							Runners.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> Seen.in(context))))
						.isEqualTo(Seen.NOTHING);
				}
				assertThat(counter.opened()).isOne();
			});
	}

	// without an exporter the ids in the log were lost, which are all that some want
	@Test
	void startWhenExportIsOffThenContextIsStillCarried() {
		Traces.with()
			.withPropertyValues("management.tracing.export.enabled=false")
			.withBean("tasks", ThreadPoolTaskExecutor.class)
			.run((context) -> {
				try (Within within = new Within(context, "submitter", "blue")) {
					Seen expected = Seen.in(context);
					assertThat(expected.mdcTrace()).isNotNull();
					assertThat(
							Runners.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> Seen.in(context))))
						.isEqualTo(expected);
				}
			});
	}

	// its spans are none, and each was a failure
	@ParameterizedTest
	@ValueSource(strings = { "off", "child-only", "always" })
	void startWhenOpenTelemetryIsOffThenTasksRun(String spans) {
		Traces.with()
			.withPropertyValues("management.opentelemetry.enabled=false", "executor-metrics.tracing.spans=" + spans)
			.withBean("tasks", ThreadPoolTaskExecutor.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				try (Within within = new Within(context, "submitter", "blue")) {
					Seen expected = Seen.in(context);
					Seen seen = Runners
						.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> Seen.in(context)));
					assertThat(seen.tenant()).isEqualTo(expected.tenant());
					assertThat(seen.observation()).isNotNull();
				}
				assertThat(Runners.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> "done")))
					.isEqualTo("done");
			});
	}

	// two tracers: which of them
	@Test
	void startWhenThereAreTwoTracersThenNothingIsCarried() {
		Runners.with()
			.withBean("one", Tracer.class, () -> Tracer.NOOP)
			.withBean("two", Tracer.class, () -> Tracer.NOOP)
			.withBean("tasks", ThreadPoolTaskExecutor.class)
			.run((context) -> {
				assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
					.isThrownBy(() -> context.getBean(Tracer.class));
				assertThat(Runners.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> "done")))
					.isEqualTo("done");
			});
	}

	/**
	 * By their names, as in an application.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, ExecutorMetersAutoConfiguration.class,
			ExecutorsEndpointAutoConfiguration.class, ExecutorsHealthAutoConfiguration.class,
			ExecutorTracingAutoConfiguration.class })
	static class Ours {

	}

	/**
	 * Loads this project's classes itself, and has not all of the others.
	 */
	private static final class OwnClasses extends URLClassLoader {

		private final List<String> missing;

		private final Set<String> loaded = ConcurrentHashMap.newKeySet();

		OwnClasses(String... missing) {
			super(new URL[0], TasksWithoutTracerTests.class.getClassLoader());
			this.missing = List.of(missing);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (this.missing.stream().anyMatch(name::startsWith)) {
				throw new ClassNotFoundException(name);
			}
			if (!name.startsWith("io.github.executormetrics.")) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> known = findLoadedClass(name);
				return (known != null) ? known : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (stream == null) {
					throw new ClassNotFoundException(name);
				}
				this.loaded.add(name);
				byte[] bytes = stream.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
