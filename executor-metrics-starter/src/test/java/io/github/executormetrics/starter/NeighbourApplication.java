// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import java.util.Arrays;
import java.util.concurrent.Executor;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.util.ClassUtils;

/**
 * An application that runs one task, prints what it is made of, and ends.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class NeighbourApplication {

	/**
	 * Starts it.
	 * @param args the arguments of Spring Boot
	 * @throws Exception if the task fails
	 */
	public static void main(String[] args) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(NeighbourApplication.class, args)) {
			context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class).submit(() -> {
			}).get();
			print("tracers", beanClasses(context, "io.micrometer.tracing.Tracer"));
			print("propagators", beanClasses(context, "io.micrometer.tracing.propagation.Propagator"));
			print("prometheus registries",
					beanClasses(context, "io.micrometer.prometheusmetrics.PrometheusMeterRegistry"));
			print("executors", Arrays.toString(context.getBeanNamesForType(Executor.class)));
			print("jvm meters", meters(context, "jvm."));
			print("boot's executor meters", meters(context, "executor.pool."));
			print("our meters", meters(context, "executor.task."));
			print("virtual thread meters", meters(context, "jvm.threads.virtual."));
			print("metered workers",
					context.getBean(MeterRegistry.class)
						.find("executor.worker.busy")
						.meters()
						.stream()
						.map((meter) -> meter.getId().getTag("name"))
						.sorted()
						.toList());
		}
	}

	private static void print(String fact, Object value) {
		System.out.println("FACT " + fact + ": " + value);
	}

	private static Object beanClasses(ConfigurableApplicationContext context, String type) {
		if (!ClassUtils.isPresent(type, null)) {
			return "[]";
		}
		return Arrays.stream(context.getBeanNamesForType(ClassUtils.resolveClassName(type, null)))
			.map((name) -> context.getBean(name).getClass().getSimpleName())
			.toList();
	}

	private static Object meters(ConfigurableApplicationContext context, String prefix) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.filter((name) -> name.startsWith(prefix))
			// there from the first collection on, which comes by chance
			.filter((name) -> !name.startsWith("jvm.gc."))
			.distinct()
			.sorted()
			.toList();
	}

}
