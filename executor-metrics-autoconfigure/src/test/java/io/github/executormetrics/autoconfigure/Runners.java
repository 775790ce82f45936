// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.TasksByNameDescriptor;

/**
 * Applications with Boot's actuator, with this library and without it.
 */
final class Runners {

	static final AutoConfigurations OURS = AutoConfigurations.of(ExecutorMetricsAutoConfiguration.class,
			ExecutorMetersAutoConfiguration.class, ExecutorsEndpointAutoConfiguration.class,
			ExecutorsHealthAutoConfiguration.class, ExecutorTracingAutoConfiguration.class);

	static final AutoConfigurations BOOTS = AutoConfigurations.of(MetricsAutoConfiguration.class,
			CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
			TaskExecutorMetricsAutoConfiguration.class, EndpointAutoConfiguration.class,
			HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
			HealthEndpointAutoConfiguration.class);

	static final AutoConfigurations TASKS = AutoConfigurations.of(TaskExecutionAutoConfiguration.class,
			TaskSchedulingAutoConfiguration.class);

	private Runners() {
	}

	/**
	 * An application with this library, whose executors are the test's.
	 */
	static ApplicationContextRunner with() {
		return without().withConfiguration(OURS);
	}

	/**
	 * The same application without this library.
	 */
	static ApplicationContextRunner without() {
		return new ApplicationContextRunner().withConfiguration(BOOTS)
			.withPropertyValues("management.endpoints.web.exposure.include=*");
	}

	/**
	 * Names of executors, and those of the JDK's own on this JDK.
	 */
	static Set<String> names(String... names) {
		Set<String> all = new TreeSet<>(Set.of(names));
		all.add("commonPool");
		if (Runtime.version().feature() >= 21) {
			all.add("virtualThreads");
		}
		return all;
	}

	/**
	 * An executor as the endpoint shows it.
	 */
	static ExecutorDescriptor shown(BeanFactory context, String name) {
		return Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executors().executors().get(name),
				() -> "no executor " + name);
	}

	/**
	 * The same, once its workers and its queue were read.
	 */
	static ExecutorDescriptor read(BeanFactory context, String name) {
		return Awaitility.await().until(() -> shown(context, name), (shown) -> shown.readAt() != null);
	}

	/**
	 * Its counts, in the order of their balance.
	 */
	static ExecutorDescriptor.TasksDescriptor tasks(BeanFactory context, String name) {
		return Objects.requireNonNull(shown(context, name).tasks(), () -> "no tasks of " + name);
	}

	/**
	 * The tasks of an executor by their names.
	 */
	static Map<String, TasksByNameDescriptor.TaskDescriptor> named(BeanFactory context, String name) {
		ExecutorDetailsDescriptor details = Objects
			.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(name), () -> "no executor " + name);
		return Objects.requireNonNull(details.tasksByName(), () -> "no tasks of " + name).names();
	}

	/**
	 * Run a task and wait for its end.
	 */
	static <T> T run(Executor executor, Callable<T> task) throws Exception {
		FutureTask<T> future = new FutureTask<>(task);
		executor.execute(future);
		return get(future);
	}

	static <T> T get(Future<T> future) throws Exception {
		return future.get(10, TimeUnit.SECONDS);
	}

	/**
	 * What the log warns of, in whatever form an application has left it.
	 */
	static List<String> warnings(CharSequence output) {
		return output.toString().lines().filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ")).toList();
	}

}
