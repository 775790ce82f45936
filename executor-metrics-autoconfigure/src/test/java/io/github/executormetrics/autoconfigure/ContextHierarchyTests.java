// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import io.github.executormetrics.ExecutorMetrics;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Each application context meters and judges its own executors, shows them, and closes
 * what it created only.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextHierarchyTests {

	private static final String[] PROPERTIES = { "management.otlp.metrics.export.enabled=false",
			"management.endpoints.web.exposure.include=*" };

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(AutoConfigurations.of(ProgrammaticExecutorsAutoConfiguration.class))
		.withPropertyValues("executor-metrics.watch.interval=20ms", "executor-metrics.watch.grace=0s",
				"executor-metrics.watch.raise-after=1", "executor-metrics.watch.clear-after=1",
				"executor-metrics.limits.mean-wait=20ms");

	private final ApplicationContextRunner withPool = this.runner.withUserConfiguration(Pool.class);

	// row "parent and child context, both auto-configured; the child is closed": the
	// child's pools were never judged
	@Test
	void whenParentAndChildAreAutoConfiguredThenEachJudgesAndShowsItsOwn() {
		this.withPool
			.run((parent) -> this.runner.withParent(parent).withUserConfiguration(ChildPool.class).run((child) -> {
				assertThat(names(parent)).containsExactly("pool");
				assertThat(names(child)).containsExactly("childPool");
				assertThat(child.getBean(ExecutorWatch.class)).isNotSameAs(parent.getBean(ExecutorWatch.class));
				try (Load load = new Load(child.getBean("childPool", ThreadPoolExecutor.class))) {
					await().untilAsserted(
							() -> assertThat(Runners.shown(child, "childPool").verdict()).isNotEqualTo("HEALTHY"));
					assertThat(health(child)).isNotEqualTo(Status.UP);
					assertThat(health(parent)).isEqualTo(Status.UP);
					assertThat(Runners.shown(parent, "pool").verdict()).isEqualTo("HEALTHY");
				}
			}));
	}

	// the same row: closing the child stopped the parent's watch for good, and health
	// stayed UP
	@Test
	void whenChildIsClosedThenParentIsJudgedAllTheSame() {
		this.withPool.run((parent) -> {
			AtomicReference<ExecutorWatch> childs = new AtomicReference<>();
			this.runner.withParent(parent)
				.withUserConfiguration(ChildPool.class)
				.run((child) -> childs.set(child.getBean(ExecutorWatch.class)));
			assertThat(childs.get().isRunning()).isFalse();
			Ticks.await(parent, 2);
			try (Load load = new Load(parent.getBean("pool", ThreadPoolExecutor.class))) {
				await().untilAsserted(() -> assertThat(health(parent)).isNotEqualTo(Status.UP));
			}
		});
	}

	@Test
	void whenSiblingIsClosedThenTheOtherIsJudgedAndHasItsMeters() {
		this.runner.run((parent) -> {
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			ApplicationContextRunner sibling = this.withPool.withParent(parent);
			sibling.run((first) -> {
				sibling.run((second) -> {
					runTasks(second, "pool", 2);
					assertThat(Runners.tasks(first, "pool").submitted()).isZero();
					assertThat(registry.find("executor.task.submitted").functionCounters()).hasSize(2);
				});
				runTasks(first, "pool", 1);
				assertThat(submitted(registry, "pool")).isOne();
				try (Load load = new Load(first.getBean("pool", ThreadPoolExecutor.class))) {
					await().untilAsserted(() -> assertThat(health(first)).isNotEqualTo(Status.UP));
				}
			});
			assertThat(registry.find("executor.task.submitted").functionCounters()).isEmpty();
		});
	}

	// tasks of two executors were timed by one timer, and one of them had no counts
	@Test
	void whenParentAndChildHaveExecutorsOfOneNameThenTheirMetersStayApart() {
		this.withPool.run((parent) -> {
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			runTasks(parent, "pool", 1);
			this.withPool.withParent(parent).withInitializer((context) -> context.setId("tenant")).run((child) -> {
				assertThat(child.getBean(MeterRegistry.class)).isSameAs(registry);
				runTasks(child, "pool", 3);
				assertThat(submitted(registry, "pool")).isEqualTo(1);
				assertThat(submitted(registry, "pool-tenant")).isEqualTo(3);
				assertThat(registry.get("executor.task.wait").tag("name", "pool").timer().count()).isEqualTo(1);
				assertThat(registry.get("executor.task.wait").tag("name", "pool-tenant").timer().count()).isEqualTo(3);
			});
			assertThat(submitted(registry, "pool")).isEqualTo(1);
			assertThat(registry.find("executor.task.submitted").tag("name", "pool-tenant").functionCounters())
				.isEmpty();
		});
	}

	// the parent's endpoint and meters were the child's
	@Test
	void whenChildIsSwitchedOffThenItShowsAndMetersNothing() {
		this.withPool.run((parent) -> {
			int meters = parent.getBean(MeterRegistry.class).getMeters().size();
			this.runner.withParent(parent)
				.withPropertyValues("executor-metrics.enabled=false")
				.withUserConfiguration(ChildPool.class)
				.run((child) -> {
					assertThat(child.getBeanNamesForType(ExecutorsEndpoint.class)).isEmpty();
					assertThat(
							child.getBeanNamesForType(ExecutorMetersAutoConfiguration.ExecutorMeterRegistration.class))
						.isEmpty();
					assertThat(child.getBean(ThreadPoolExecutor.class)).isExactlyInstanceOf(ThreadPoolExecutor.class);
					assertThat(names(parent)).containsExactly("pool");
				});
			assertThat(parent.getBean(MeterRegistry.class).getMeters()).hasSize(meters);
		});
	}

	@Test
	void whenOnlyOneOfThemIsAutoConfiguredThenItsExecutorsAreShownAlone() {
		new ApplicationContextRunner().withUserConfiguration(Pool.class)
			.run((parent) -> this.runner.withParent(parent).withUserConfiguration(ChildPool.class).run((child) -> {
				assertThat(names(child)).containsExactly("childPool");
				runTasks(child, "childPool", 1);
			}));
		this.withPool.run((parent) -> new ApplicationContextRunner().withParent(parent)
			.withUserConfiguration(ChildPool.class)
			.run((child) -> {
				Runners.run(child.getBean("childPool", Executor.class), () -> "done");
				assertThat(names(parent)).containsExactly("pool");
			}));
	}

	// each task was counted by both contexts
	@Test
	void whenBeanOfChildIsTheExecutorOfParentThenTasksAreCountedOnceAtTheParents() {
		this.withPool
			.run((parent) -> this.runner.withParent(parent).withUserConfiguration(SameObject.class).run((child) -> {
				assertThat(child.getBean("same")).isSameAs(parent.getBean("pool"));
				Runners.run(child.getBean("same", Executor.class), () -> "done");
				await().untilAsserted(() -> assertThat(Runners.tasks(parent, "pool").completed()).isOne());
				assertThat(Runners.shown(child, "same").coverage()).isEqualTo("none");
				assertThat(Runners.shown(child, "same").coverageReason())
					.isEqualTo("its tasks are counted at 'pool' of the parent context");
			}));
	}

	@Test
	void whenAsyncMethodsOfChildRunOnTheExecutorOfParentThenTasksAreCountedOnceAtTheParents() {
		this.withPool
			.run((parent) -> this.runner.withParent(parent).withUserConfiguration(AsyncChild.class).run((child) -> {
				child.getBean(Mails.class).send();
				await().untilAsserted(() -> assertThat(Runners.tasks(parent, "pool").completed()).isOne());
				assertThat(names(child)).isEmpty();
			}));
	}

	@Test
	void whenExecutorOfParentIsHandedInToChildThenItSaysWhoMetersIt() {
		this.withPool.run((parent) -> this.runner.withParent(parent).run((child) -> {
			assertThat(child.getBean(ExecutorMetrics.class)).isNotSameAs(parent.getBean(ExecutorMetrics.class));
			assertThatIllegalStateException()
				.isThrownBy(() -> child.getBean(ExecutorMetrics.class)
					.monitor(parent.getBean("pool", ExecutorService.class), "mine"))
				.withMessageContaining("the parent context already monitors it as 'pool'");
		}));
	}

	// a user's own in the parent and ours in the child were two of one type
	@Test
	void whenParentHasExecutorMetricsOfTheUsersThenChildCanStillAskForOne() {
		ExecutorMetrics users = new ProgrammaticExecutorsAutoConfiguration.Unmetered();
		new ApplicationContextRunner().withBean("users", ExecutorMetrics.class, () -> users)
			.run((parent) -> this.runner.withParent(parent)
				.withBean("asking", Asking.class)
				.run((child) -> assertThat(child).getBean(Asking.class).extracting("metrics").isSameAs(users)));
	}

	@Test
	void whenContextIsStoppedAndStartedAgainThenItIsJudgedAgain() {
		this.withPool.run((context) -> {
			ConfigurableApplicationContext source = (ConfigurableApplicationContext) context
				.getSourceApplicationContext();
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			source.stop();
			assertThat(watch.isRunning()).isFalse();
			source.start();
			Ticks.await(context, 2);
			try (Load load = new Load(context.getBean("pool", ThreadPoolExecutor.class))) {
				await().untilAsserted(() -> assertThat(health(context)).isNotEqualTo(Status.UP));
			}
		});
	}

	@Test
	void whenContextFailsHalfwayThenNothingOfItIsLeftAndTheParentGoesOn() {
		this.withPool.run((parent) -> {
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			int meters = registry.getMeters().size();
			AtomicReference<ExecutorWatch> failed = new AtomicReference<>();
			this.withPool.withParent(parent)
				.withBean("failing", Failing.class, () -> new Failing(failed))
				.run((child) -> assertThat(child).hasFailed());
			assertThat(failed.get().isRunning()).isFalse();
			assertThat(registry.getMeters()).hasSize(meters);
			Ticks.await(parent, 2);
			runTasks(parent, "pool", 1);
		});
	}

	// a child has the properties of its parent, and warned of executors that are there
	@Test
	void whenParentHasTheExecutorThatASettingIsForThenChildDoesNotWarn(CapturedOutput output) {
		this.withPool.withPropertyValues("executor-metrics.executors.pool.limits.stall=7s").run((parent) -> {
			this.runner.withParent(parent)
				.withPropertyValues("executor-metrics.executors.pool.limits.stall=7s")
				.run((child) -> assertThat(child).hasNotFailed());
			assertThat(output).doesNotContain("no executor has that name");
		});
	}

	@Test
	void whenBuiltAsParentChildAndSiblingThenEachShowsItsOwn() {
		try (ConfigurableApplicationContext root = builder(Pool.class).run()) {
			SpringApplicationBuilder first = builder(ChildPool.class).parent(root);
			try (ConfigurableApplicationContext child = first.run();
					ConfigurableApplicationContext sibling = first.sibling(Root.class, Pool.class)
						.web(WebApplicationType.NONE)
						.properties(PROPERTIES)
						.run()) {
				assertThat(names(root)).contains("pool").doesNotContain("childPool");
				assertThat(names(child)).contains("childPool").doesNotContain("pool");
				assertThat(names(sibling)).contains("pool").doesNotContain("childPool");
				assertThat(sibling.getBean(ExecutorRegistry.class)).isNotSameAs(root.getBean(ExecutorRegistry.class));
			}
			assertThat(root.getBean(ExecutorWatch.class).isRunning()).isTrue();
		}
	}

	// a sibling that closed took the common pool's meters with it
	@Test
	void whenTheContextWithMetersOfAnExecutorOfTheProcessClosesThenTheOtherHasThem() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		ApplicationContextRunner sibling = this.runner
			.withConfiguration(AutoConfigurations.of(CommonPoolAutoConfiguration.class));
		new ApplicationContextRunner().withBean("registry", MeterRegistry.class, () -> registry).run((parent) -> {
			AtomicReference<ConfigurableApplicationContext> second = new AtomicReference<>();
			CountDownLatch closed = new CountDownLatch(1);
			ExecutorService thread = Executors.newSingleThreadExecutor();
			sibling.withParent(parent).run((first) -> {
				CountDownLatch open = new CountDownLatch(1);
				thread.submit(() -> sibling.withParent(parent).run((other) -> {
					second.set((ConfigurableApplicationContext) other.getSourceApplicationContext());
					open.countDown();
					closed.await(1, TimeUnit.MINUTES);
				}));
				assertThat(open.await(1, TimeUnit.MINUTES)).isTrue();
				assertThat(registry.find("executor.worker.busy").tag("name", "commonPool").gauges()).hasSize(1);
			});
			try {
				assertThat(second.get().isActive()).isTrue();
				assertThat(registry.find("executor.worker.busy").tag("name", "commonPool").gauges()).hasSize(1);
				double ticks = registry.get("executor.watch.ticks").functionCounter().count();
				await().until(() -> registry.get("executor.watch.ticks").functionCounter().count() > ticks);
			}
			finally {
				closed.countDown();
				thread.shutdown();
				assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
			}
			assertThat(registry.find("executor.worker.busy").gauges()).isEmpty();
		});
	}

	private static SpringApplicationBuilder builder(Class<?> configuration) {
		return new SpringApplicationBuilder(Root.class, configuration).web(WebApplicationType.NONE)
			.properties(PROPERTIES);
	}

	private static Iterable<String> names(BeanFactory context) {
		return context.getBean(ExecutorsEndpoint.class).executors().executors().keySet();
	}

	private static Status health(BeanFactory context) {
		return context.getBean("executorsHealthIndicator", HealthIndicator.class).health().getStatus();
	}

	private static double submitted(MeterRegistry registry, String name) {
		return registry.get("executor.task.submitted").tag("name", name).functionCounter().count();
	}

	private static void runTasks(BeanFactory context, String name, int tasks) throws Exception {
		for (int i = 0; i < tasks; i++) {
			Runners.run(context.getBean(name, Executor.class), () -> "done");
		}
		await().untilAsserted(() -> assertThat(Runners.tasks(context, name).completed()).isEqualTo(tasks));
	}

	private static ThreadPoolExecutor pool() {
		return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
	}

	/**
	 * Holds the one worker while a task is queued.
	 */
	private static final class Load implements AutoCloseable {

		private final CountDownLatch hold = new CountDownLatch(1);

		Load(Executor executor) {
			for (int i = 0; i < 2; i++) {
				executor.execute(() -> {
					try {
						this.hold.await(1, TimeUnit.MINUTES);
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				});
			}
		}

		@Override
		public void close() {
			this.hold.countDown();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Root {

	}

	@Configuration(proxyBeanMethods = false)
	static class Pool {

		@Bean
		ThreadPoolExecutor pool() {
			return ContextHierarchyTests.pool();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ChildPool {

		@Bean
		ThreadPoolExecutor childPool() {
			return ContextHierarchyTests.pool();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SameObject {

		@Bean(destroyMethod = "")
		ThreadPoolExecutor same(@Qualifier("pool") ThreadPoolExecutor pool) {
			return pool;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class AsyncChild {

		@Bean
		Mails mails() {
			return new Mails();
		}

	}

	static class Mails {

		@Async("pool")
		void send() {
		}

	}

	static class Asking {

		private final ExecutorMetrics metrics;

		Asking(ExecutorMetrics metrics) {
			this.metrics = metrics;
		}

	}

	/**
	 * Fails once the watch runs.
	 */
	static class Failing implements SmartLifecycle, BeanFactoryAware {

		private final AtomicReference<ExecutorWatch> watch;

		private BeanFactory beanFactory;

		Failing(AtomicReference<ExecutorWatch> watch) {
			this.watch = watch;
		}

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			this.beanFactory = beanFactory;
		}

		@Override
		public void start() {
			ExecutorWatch watch = this.beanFactory.getBean(ExecutorWatch.class);
			assertThat(watch.isRunning()).isTrue();
			this.watch.set(watch);
			throw new IllegalStateException("fails halfway");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
