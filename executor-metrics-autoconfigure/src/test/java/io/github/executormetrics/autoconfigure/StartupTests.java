// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.SpringProperties;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The start-up of an application is what it was.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupTests {

	// "not eligible for getting processed", for beans that our post-processor pulled up
	@Test
	void startWhenEverythingIsOnThenLogHasNoWarning(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application(Everything.class).run()) {
			assertThat(Runners.shown(context, "applicationTaskExecutor").coverage()).isEqualTo("tasks");
		}
		assertThat(output).contains("Started").doesNotContain("not eligible");
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// meters of the JVM were lost, since a registry was made before its post-processors
	@Test
	void startWhenEverythingIsOnThenMetersOfTheJvmAreThere() {
		try (ConfigurableApplicationContext context = application(Everything.class).run();
				ConfigurableApplicationContext without = application(Everything.class)
					.run("--executor-metrics.enabled=false")) {
			assertThat(jvmMeters(context)).isNotEmpty().isEqualTo(jvmMeters(without));
		}
	}

	// an executor that a user's post-processor needs made us complain about it
	@Test
	void startWhenPostProcessorNeedsExecutorThenLogIsAsWithoutUs(CapturedOutput output) {
		int start = output.length();
		application(NeededEarly.class).run("--executor-metrics.enabled=false").close();
		List<String> without = notEligible(output.toString().substring(start));
		assertThat(without).isNotEmpty();
		int middle = output.length();
		try (ConfigurableApplicationContext context = application(NeededEarly.class).run()) {
			assertThat(Runners.shown(context, "early").coverage()).isEqualTo("tasks");
		}
		assertThat(notEligible(output.toString().substring(middle))).isEqualTo(without);
	}

	// looking for executors made beans that were to stay lazy
	@Test
	void startWhenExecutorIsLazyThenItIsNotMadeUntilUsed() {
		AtomicBoolean made = new AtomicBoolean();
		Runners.with()
			.withPropertyValues("executor-metrics.executors.lazy.limits.active=5",
					"executor-metrics.executors.unknown.limits.active=5")
			.withBean("made", AtomicBoolean.class, () -> made)
			.withUserConfiguration(LazyExecutors.class)
			.run((context) -> {
				assertThat(made).isFalse();
				assertThat(Runners.run(context.getBean("lazy", Executor.class), () -> "done")).isEqualTo("done");
				assertThat(made).isTrue();
				assertMeteredOnce(context, "lazy");
			});
	}

	// a factory was asked for its product while the application started
	@Test
	void startWhenFactoryIsLazyThenItIsNotAskedUntilUsed() {
		AtomicBoolean made = new AtomicBoolean();
		Runners.with()
			.withPropertyValues("executor-metrics.executors.unknown.limits.active=5")
			.withBean("made", AtomicBoolean.class, () -> made)
			.withUserConfiguration(LazyExecutors.class)
			.run((context) -> {
				assertThat(made).isFalse();
				assertThat(Runners.run(context.getBean("product", Executor.class), () -> "done")).isEqualTo("done");
				assertMeteredOnce(context, "product");
			});
	}

	// with lazy initialization nothing asked for the metrics, and there were none
	@Test
	void startWhenInitializationIsLazyThenExecutorHasMetersOnceUsed() throws Exception {
		try (ConfigurableApplicationContext context = application(Everything.class)
			.run("--spring.main.lazy-initialization=true")) {
			Executor executor = context.getBean("mine", Executor.class);
			assertThat(Runners.run(executor, () -> "done")).isEqualTo("done");
			assertMeteredOnce(context, "mine");
		}
	}

	// a worker that looked up a bean waited for the start, which waited for the worker
	@Test
	void startWhenBeanWaitsForItsTasksThenStarts() {
		SpringProperties.setProperty("spring.locking.strict", "true");
		try (ConfigurableApplicationContext context = application(Waiting.class).run()) {
			assertThat(context.getBean(WaitsForTask.class).result).isEqualTo("done");
			assertMeteredOnce(context, "mine");
		}
		finally {
			SpringProperties.setProperty("spring.locking.strict", null);
		}
	}

	private static void assertMeteredOnce(ConfigurableApplicationContext context, String name) {
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		await().untilAsserted(() -> assertThat(registry.get("executor.task.completed")
			.tag("name", name)
			.tag("outcome", "success")
			.functionCounter()
			.count()).isEqualTo(1));
		assertThat(registry.get("executor.task.run").tag("name", name).tag("outcome", "success").timer().count())
			.isEqualTo(1);
	}

	private static List<String> jvmMeters(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.filter((name) -> name.startsWith("jvm.") && !name.startsWith("jvm.gc."))
			.distinct()
			.sorted()
			.toList();
	}

	private static List<String> notEligible(String output) {
		return output.lines()
			.filter((line) -> line.contains("not eligible"))
			.map((line) -> line.substring(line.indexOf("Bean '")))
			.toList();
	}

	private static SpringApplicationBuilder application(Class<?> source) {
		return new SpringApplicationBuilder(source).web(WebApplicationType.NONE)
			.properties("management.endpoints.web.exposure.include=*", "management.otlp.metrics.export.enabled=false",
					"management.tracing.export.otlp.enabled=false", "management.logging.export.otlp.enabled=false");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableAsync
	@EnableScheduling
	static class Everything {

		@Bean(defaultCandidate = false)
		ThreadPoolExecutor mine() {
			return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NeededEarly {

		@Bean
		static ThreadPoolTaskExecutor early() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		static BeanPostProcessor needsExecutor(ThreadPoolTaskExecutor early) {
			return new BeanPostProcessor() {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyExecutors {

		@Bean
		@Lazy
		ExecutorService lazy(AtomicBoolean made) {
			made.set(true);
			return Executors.newSingleThreadExecutor();
		}

		@Bean
		@Lazy
		LazyFactory product(AtomicBoolean made) {
			return new LazyFactory(made);
		}

	}

	static class LazyFactory implements FactoryBean<Executor> {

		private final AtomicBoolean made;

		LazyFactory(AtomicBoolean made) {
			this.made = made;
		}

		@Override
		public Executor getObject() {
			this.made.set(true);
			return Executors.newSingleThreadExecutor();
		}

		@Override
		public Class<?> getObjectType() {
			return Executor.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Waiting {

		@Bean
		ThreadPoolTaskExecutor mine() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		WaitsForTask waitsForTask(ThreadPoolTaskExecutor mine) throws Exception {
			return new WaitsForTask(Runners.run(mine, () -> "done"));
		}

	}

	static class WaitsForTask {

		private final String result;

		WaitsForTask(String result) {
			this.result = result;
		}

	}

}
