// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ReactorExecutorsAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReactorExecutorsAutoConfigurationTests {

	private static final String HOOK = "executor-metrics";

	private static final AutoConfigurations REACTOR = AutoConfigurations.of(ReactorExecutorsAutoConfiguration.class);

	private final ApplicationContextRunner runner = Runners.with().withConfiguration(REACTOR);

	@BeforeEach
	@AfterEach
	void reset() {
		Schedulers.shutdownNow();
		assertThat(Schedulers.removeExecutorServiceDecorator(HOOK)).isNull();
	}

	@Test
	void whenSchedulerIsUsedThenItIsAnExecutorWithMeters() {
		this.runner.run((context) -> {
			use(Schedulers.parallel());
			ExecutorDescriptor shown = Runners.shown(context, "reactor-parallel");
			assertThat(shown.type()).isEqualTo("reactor.core.scheduler.ParallelScheduler");
			assertThat(shown.coverage()).isEqualTo("tasks");
			assertThat(shown.origin()).isEqualTo("reactor");
			awaitCompleted(context, "reactor-parallel", 1);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("executor.task.wait").tag("name", "reactor-parallel").timer().count()).isOne();
			Awaitility.await()
				.untilAsserted(() -> assertThat(registry.get("executor.task.run")
					.tags("name", "reactor-parallel", "outcome", "success")
					.timer()
					.count()).isOne());
			Awaitility.await()
				.untilAsserted(() -> assertThat(
						registry.get("executor.worker.limit").tag("name", "reactor-parallel").gauge().value())
					.isEqualTo(Schedulers.DEFAULT_POOL_SIZE));
		});
	}

	// one that was made before there is a hook is never metered
	@Test
	void whenFirstBeanUsesSchedulerThenItIsMetered() {
		this.runner.withUserConfiguration(UsesSchedulerAtOnce.class)
			.run((context) -> awaitCompleted(context, "reactor-parallel", 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "executor-metrics.sources.reactor=false", "executor-metrics.enabled=false" })
	void whenSwitchedOffThenNothingIsHooked(String property) {
		this.runner.withPropertyValues(property).run((context) -> {
			use(Schedulers.parallel());
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(ExecutorRegistry.class).values())
				.allSatisfy((registry) -> assertThat(registry.all()).isEmpty());
			assertThat(Schedulers.removeExecutorServiceDecorator(HOOK)).isNull();
		});
	}

	// ahead-of-time processing freezes conditions
	@ParameterizedTest
	@ValueSource(strings = { "executor-metrics.sources.reactor=false", "executor-metrics.enabled=false" })
	void whenSwitchedOffAtRunTimeThenNothingIsHooked(String property) {
		this.runner
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor((beanFactory) -> TestPropertyValues.of(property).applyTo(context)))
			.run((context) -> {
				use(Schedulers.parallel());
				assertThat(context).hasBean("executorMetricsReactorStart");
				assertThat(context.getBean(ExecutorRegistry.class).all()).isEmpty();
				assertThat(Schedulers.removeExecutorServiceDecorator(HOOK)).isNull();
			});
	}

	@ParameterizedTest
	@CsvSource({ "executor-metrics.exclude=reactor-*, excluded by executor-metrics.exclude",
			"executor-metrics.executors.reactor-parallel.enabled=false, "
					+ "switched off by executor-metrics.executors.reactor-parallel.enabled" })
	void whenLeftAloneThenSaysSo(String property, String reason, CapturedOutput output) {
		this.runner.withPropertyValues(property).run((context) -> {
			use(Schedulers.parallel());
			ExecutorDescriptor shown = Runners.shown(context, "reactor-parallel");
			assertThat(shown.coverage()).isEqualTo("none");
			assertThat(shown.coverageReason()).isEqualTo(reason);
			assertThat(context.getBean(MeterRegistry.class).find("executor.task.wait").timer()).isNull();
		});
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void whenReactorIsAbsentThenStartsWithoutIt() {
		this.runner.withClassLoader(new FilteredClassLoader("reactor")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(ReactorExecutorsAutoConfiguration.class);
			assertThat(Schedulers.removeExecutorServiceDecorator(HOOK)).isNull();
		});
	}

	@Test
	void whenReactorIsAbsentThenItsNamesAreUnknown(CapturedOutput output) {
		this.runner.withClassLoader(new FilteredClassLoader("reactor"))
			.withPropertyValues("executor-metrics.executors.reactor-parallel.limits.active=5")
			.run((context) -> assertThat(warnings(output)).singleElement().asString().contains("[reactor-parallel]"));
	}

	// it comes with its first use, which is after the start
	@Test
	void whenLimitIsSetForSchedulerThenNobodyWarnsOfIt(CapturedOutput output) {
		this.runner.withPropertyValues("executor-metrics.executors.reactor-parallel.limits.active=5")
			.run((context) -> assertThat(warnings(output)).isEmpty());
	}

	@Test
	void whenInitializationIsLazyThenSchedulerHasMeters(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application("--spring.main.lazy-initialization=true")) {
			use(Schedulers.parallel());
			awaitCompleted(context, "reactor-parallel", 1);
		}
		assertThat(warnings(output)).isEmpty();
		assertThat(output).doesNotContain("not eligible");
	}

	@Test
	void whenContextIsClosedThenNothingIsLeft() {
		MeterRegistry shared = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> shared).run((context) -> {
			use(Schedulers.parallel());
			ExecutorRegistry executors = context.getBean(ExecutorRegistry.class);
			awaitCompleted(context, "reactor-parallel", 1);
			assertThat(executors.all()).hasSize(1);
			context.close();
			assertThat(executors.all()).isEmpty();
			assertThat(shared.getMeters()).noneMatch((meter) -> meter.getId().getName().startsWith("executor."));
			assertThat(Schedulers.removeExecutorServiceDecorator(HOOK)).isNull();
			use(Schedulers.parallel());
			assertThat(executors.all()).isEmpty();
		});
	}

	@Test
	void whenContextIsOpenedAgainThenItSeesTheSameSchedulers() {
		this.runner.run((context) -> use(Schedulers.parallel()));
		this.runner.run((context) -> {
			use(Schedulers.parallel());
			awaitCompleted(context, "reactor-parallel", 1);
		});
	}

	@Test
	void whenTwoContextsLiveThenEachHasItsOwnFigures() {
		this.runner.run((one) -> {
			use(Schedulers.parallel());
			this.runner.run((other) -> {
				use(Schedulers.parallel());
				awaitCompleted(one, "reactor-parallel", 2);
				awaitCompleted(other, "reactor-parallel", 1);
			});
			use(Schedulers.parallel());
			awaitCompleted(one, "reactor-parallel", 3);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "parallel", "boundedElastic" })
	void whenAllWorkersAreBlockedThenSchedulerIsNamed(String kind) {
		watched().run((context) -> {
			Scheduler scheduler = kind.equals("parallel") ? Schedulers.newParallel("mine", 2)
					: Schedulers.newBoundedElastic(2, 100, "mine");
			CountDownLatch hold = new CountDownLatch(1);
			try {
				for (int i = 0; i < 6; i++) {
					scheduler.schedule(() -> Hold.until(hold));
				}
				Awaitility.await()
					.untilAsserted(
							() -> assertThat(Runners.shown(context, "reactor-mine").verdict()).isEqualTo("STALLED"));
			}
			finally {
				hold.countDown();
				scheduler.dispose();
			}
		});
	}

	// no other worker takes what waits behind one that is blocked
	@Test
	void whenOneWorkerIsBlockedThenTasksBehindItAreSeen() {
		watched().run((context) -> {
			Scheduler scheduler = Schedulers.newParallel("mine", 2);
			CountDownLatch hold = new CountDownLatch(1);
			try {
				Scheduler.Worker blocked = scheduler.createWorker();
				Scheduler.Worker free = scheduler.createWorker();
				blocked.schedule(() -> Hold.until(hold));
				blocked.schedule(() -> {
				});
				free.schedulePeriodically(() -> {
				}, 0, 10, TimeUnit.MILLISECONDS);
				Awaitility.await()
					.untilAsserted(
							() -> assertThat(Runners.shown(context, "reactor-mine").verdict()).isEqualTo("BLOCKED"));
			}
			finally {
				hold.countDown();
				scheduler.dispose();
			}
		});
	}

	// retries and time-outs by the thousand stand in the queues and wait for nobody
	@Test
	void whenTasksAreNotDueThenNoneIsMissed() {
		watched().run((context) -> {
			Scheduler scheduler = Schedulers.newParallel("mine", 2);
			try {
				for (int i = 0; i < 2000; i++) {
					scheduler.schedule(() -> {
					}, 1, TimeUnit.HOURS);
				}
				scheduler.schedule(() -> {
				});
				awaitCompleted(context, "reactor-mine", 1);
				var watch = context.getBean(ExecutorWatch.class);
				long ticks = watch.ticks();
				Awaitility.await().until(() -> watch.ticks() > ticks + 5);
				assertThat(Runners.shown(context, "reactor-mine").verdict()).isEqualTo("HEALTHY");
				assertThat(Objects.requireNonNull(Runners.shown(context, "reactor-mine").queue()).depth()).isZero();
			}
			finally {
				scheduler.dispose();
			}
		});
	}

	private ApplicationContextRunner watched() {
		return this.runner.withPropertyValues("executor-metrics.watch.interval=100ms",
				"executor-metrics.watch.window=1s", "executor-metrics.watch.grace=0s",
				"executor-metrics.limits.stall=500ms");
	}

	/**
	 * All warnings but those of schedulers that other tests blocked on purpose.
	 */
	private static List<String> warnings(CapturedOutput output) {
		return Runners.warnings(output).stream().filter((line) -> !line.contains("'reactor-mine'")).toList();
	}

	private static void use(Scheduler scheduler) {
		CountDownLatch done = new CountDownLatch(1);
		scheduler.schedule(done::countDown);
		Awaitility.await().until(done::getCount, (count) -> count == 0);
	}

	private static void awaitCompleted(BeanFactory context, String name, long tasks) {
		Awaitility.await().untilAsserted(() -> assertThat(Runners.tasks(context, name).completed()).isEqualTo(tasks));
	}

	private static ConfigurableApplicationContext application(String... arguments) {
		SpringApplication application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.build();
		return application
			.run(Stream.concat(Stream.of("--management.endpoints.web.exposure.include=*"), Arrays.stream(arguments))
				.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, ExecutorMetersAutoConfiguration.class,
			ExecutorsEndpointAutoConfiguration.class, ReactorExecutorsAutoConfiguration.class,
			MetricsAutoConfiguration.class, EndpointAutoConfiguration.class })
	static class Application {

		@Bean
		SimpleMeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsesSchedulerAtOnce {

		@Bean
		static BeanPostProcessor early() {
			return new Early();
		}

	}

	static class Early implements BeanPostProcessor, InitializingBean {

		@Override
		public void afterPropertiesSet() {
			use(Schedulers.parallel());
		}

	}

}
