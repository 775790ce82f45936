// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Meters live as long as their executor, no shorter and no longer.
 */
class MeterLifetimeTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=20ms", "executor-metrics.tasks.sampling=1");

	// gauges hold their object weakly, and became NaN with the next collection
	@Test
	void readWhenGarbageWasCollectedThenNumbersStayNumbers() {
		this.runner.withUserConfiguration(Pool.class).run((context) -> {
			Runners.run(context.getBean("pool", Executor.class), () -> "done");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(numbers(registry)).contains("executor.pool.size", "executor.completed", "executor.task.active",
					"executor.worker.limit", "executor.queue.oldest");
			await().untilAsserted(() -> assertThat(numbers(registry)).contains("executor.task.by.name.errors"));
			List<String> before = numbers(registry);
			collectGarbage();
			assertThat(numbers(registry)).isEqualTo(before);
			assertThat(registry.get("executor.pool.size").tag("name", "pool").gauge().value()).isEqualTo(1);
		});
	}

	// a context that was opened again showed the meters of the one before
	@Test
	void readWhenContextIsOpenedAgainThenMetersAreOfTheNewOneAlone() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry() {
			@Override
			public void close() {
				// as one that outlives the context
			}
		};
		ApplicationContextRunner shared = this.runner.withUserConfiguration(Pool.class)
			.withBean("registry", MeterRegistry.class, () -> registry);
		shared.run((context) -> runTasks(context, 3));
		assertThat(registry.getMeters()).noneMatch(MeterLifetimeTests::isOurs);
		shared.run((context) -> {
			runTasks(context, 1);
			await().untilAsserted(() -> assertThat(completed(registry, "pool")).isEqualTo(1));
			assertThat(registry.get("executor.task.run").tag("outcome", "success").timers()).singleElement()
				.satisfies((timer) -> assertThat(timer.count()).isEqualTo(1));
		});
	}

	// the second instance of a prototype had no meters, or took those of the first
	@Test
	void readWhenInstancesOfPrototypeRanTasksThenTheyAreCountedTogether() {
		this.runner.withUserConfiguration(Prototype.class).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			ExecutorService first = context.getBean("pool", ExecutorService.class);
			ExecutorService second = context.getBean("pool", ExecutorService.class);
			assertThat(first).isNotSameAs(second);
			Runners.run(first, () -> "done");
			Runners.run(second, () -> "done");
			await().untilAsserted(() -> assertThat(completed(registry, "pool")).isEqualTo(2));
			assertThat(limit(registry)).isEqualTo(2 * 3);
			first.shutdown();
			await().untilAsserted(() -> assertThat(limit(registry)).isEqualTo(3));
			second.shutdown();
		});
	}

	// an executor that a refresh had replaced left meters that stood still, or NaN
	@Test
	void readWhenScopeWasRefreshedThenMetersFollowTheNewInstance() {
		this.runner.withUserConfiguration(Refreshable.class).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			AsyncTaskExecutor executor = context.getBean("pool", AsyncTaskExecutor.class);
			String first = Runners.run(executor, () -> Thread.currentThread().getName());
			await().untilAsserted(() -> assertThat(numbers(registry)).contains("executor.task.by.name.errors"));
			List<String> before = ours(registry);
			context.getBean(RefreshScope.class).refresh();
			collectGarbage();
			String second = Runners.run(executor, () -> Thread.currentThread().getName());
			assertThat(List.of(first, second)).containsExactly("scoped-1-1", "scoped-2-1");
			await().untilAsserted(() -> assertThat(completed(registry, "pool")).isEqualTo(2));
			await().untilAsserted(() -> assertThat(limit(registry)).isEqualTo(3));
			assertThat(ours(registry)).isEqualTo(before);
		});
	}

	// once shut down, the pool that an executor made anew was never read any more
	@Test
	void readWhenPoolIsShutDownAndInitializedAgainThenMetersFollowTheNewOne() {
		this.runner.withUserConfiguration(Pool.class).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			executor.shutdown();
			awaitLooks(registry, 2);
			assertThat(limit(registry)).isZero();
			executor.initialize();
			await().untilAsserted(() -> assertThat(limit(registry)).isEqualTo(3));
			Runners.run(executor, () -> "done");
			await().untilAsserted(
					() -> assertThat(registry.get("executor.worker.idle").tag("name", "pool").gauge().value())
						.isEqualTo(1));
		});
	}

	// a prototype first used while the context closed left its meters behind
	@Test
	void readWhenExecutorIsFirstUsedWhileClosingThenItsMetersAreNotLeftBehind() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry() {
			@Override
			public void close() {
				// as one that outlives the context
			}
		};
		AtomicReference<Executor> used = new AtomicReference<>();
		this.runner.withUserConfiguration(Prototype.class)
			.withBean("registry", MeterRegistry.class, () -> registry)
			.withBean("lateUser", LateUser.class, () -> new LateUser(used))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(used.get()).isNotNull();
		assertThat(registry.getMeters()).noneMatch(MeterLifetimeTests::isOurs);
	}

	// a context beneath another took the meters of the one above with it when it closed
	@Test
	void readWhenChildContextWasClosedThenMetersOfParentAreStillThere() {
		this.runner.withUserConfiguration(Pool.class).run((parent) -> {
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			List<String> before = ours(registry);
			this.runner.withParent(parent)
				.withBean("childs", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
				.run((child) -> assertThat(child).hasNotFailed());
			assertThat(ours(registry)).isEqualTo(before);
			runTasks(parent, 1);
			await().untilAsserted(() -> assertThat(completed(registry, "pool")).isEqualTo(1));
		});
	}

	// each task was timed by both contexts, in the same timers
	@Test
	void readWhenChildContextHasTheExecutorsOfTheProcessTooThenTheyAreMeteredOnce() {
		ApplicationContextRunner process = this.runner.withConfiguration(
				AutoConfigurations.of(CommonPoolAutoConfiguration.class, ReactorExecutorsAutoConfiguration.class));
		process.run((parent) -> {
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			Scheduler scheduler = Schedulers.newSingle("shared");
			try {
				process.withParent(parent).run((child) -> {
					Runners.run(scheduler::schedule, () -> "done");
					await().untilAsserted(() -> assertThat(Runners.tasks(child, "reactor-shared").completed()).isOne());
					assertThat(completed(registry, "reactor-shared")).isOne();
					await().untilAsserted(() -> assertThat(
							registry.get("executor.task.wait").tag("name", "reactor-shared").timer().count())
						.isOne());
				});
				Runners.run(scheduler::schedule, () -> "done");
				await().untilAsserted(() -> assertThat(completed(registry, "reactor-shared")).isEqualTo(2));
				assertThat(registry.find("executor.worker.busy").tag("name", "commonPool").gauge()).isNotNull();
			}
			finally {
				scheduler.dispose();
			}
		});
	}

	@Test
	void readWhenContextIsClosedThenItsExecutorIsLetGoThoughTheRegistryLives() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry() {
			@Override
			public void close() {
				// as one that outlives the context
			}
		};
		AtomicReference<WeakReference<Object>> executor = new AtomicReference<>();
		this.runner.withUserConfiguration(Pool.class)
			.withBean("registry", MeterRegistry.class, () -> registry)
			.run((context) -> {
				runTasks(context, 1);
				executor.set(new WeakReference<>(context.getBean(ExecutorRegistry.class).find("pool")));
				assertThat(executor.get().get()).isNotNull();
			});
		await().until(() -> {
			System.gc();
			return executor.get().get() == null;
		});
		assertThat(registry.getMeters()).noneMatch(MeterLifetimeTests::isOurs);
	}

	private static void runTasks(BeanFactory context, int tasks) throws Exception {
		for (int i = 0; i < tasks; i++) {
			Runners.run(context.getBean("pool", Executor.class), () -> "done");
		}
		await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").completed()).isEqualTo(tasks));
	}

	private static void awaitLooks(MeterRegistry registry, int ticks) {
		FunctionCounter counter = registry.get("executor.watch.ticks").functionCounter();
		double before = counter.count();
		await().until(() -> counter.count() >= before + ticks);
	}

	private static double completed(MeterRegistry registry, String name) {
		return registry.get("executor.task.completed")
			.tag("name", name)
			.tag("outcome", "success")
			.functionCounter()
			.count();
	}

	private static double limit(MeterRegistry registry) {
		return registry.get("executor.worker.limit").tag("name", "pool").gauge().value();
	}

	private static boolean isOurs(Meter meter) {
		return meter.getId().getName().matches("executor\\.(task|worker|queue\\.(depth|oldest)|watch|starv).*");
	}

	private static List<String> ours(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.filter(MeterLifetimeTests::isOurs)
			.map((meter) -> meter.getId().toString())
			.sorted()
			.toList();
	}

	/**
	 * The meters of executors none of whose values is NaN.
	 */
	private static List<String> numbers(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("executor"))
			.filter((meter) -> StreamSupport.stream(meter.measure().spliterator(), false)
				.noneMatch((measurement) -> Double.isNaN(measurement.getValue())))
			.map((meter) -> meter.getId().getName())
			.sorted()
			.distinct()
			.collect(Collectors.toList());
	}

	private static void collectGarbage() {
		WeakReference<Object> garbage = new WeakReference<>(new Object());
		await().until(() -> {
			System.gc();
			return garbage.get() == null;
		});
	}

	private static ThreadPoolTaskExecutor pool(String prefix) {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(3);
		executor.setMaxPoolSize(3);
		executor.setThreadNamePrefix(prefix);
		return executor;
	}

	@Configuration(proxyBeanMethods = false)
	static class Pool {

		@Bean
		ThreadPoolTaskExecutor pool() {
			return MeterLifetimeTests.pool("pool-");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		ExecutorService pool() {
			return Executors.newFixedThreadPool(3);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Refreshable {

		private int instances;

		@Bean
		static RefreshScope refreshScope() {
			return new RefreshScope();
		}

		@Bean
		static CustomScopeConfigurer scopes(RefreshScope refreshScope) {
			CustomScopeConfigurer configurer = new CustomScopeConfigurer();
			configurer.addScope("refresh", refreshScope);
			return configurer;
		}

		@Bean
		@Scope(scopeName = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
		ThreadPoolTaskExecutor pool() {
			return MeterLifetimeTests.pool("scoped-" + (++this.instances) + "-");
		}

	}

	/**
	 * Uses an executor for the first time when it is destroyed.
	 */
	static class LateUser implements BeanFactoryAware, DisposableBean {

		private final AtomicReference<Executor> used;

		private BeanFactory beanFactory;

		LateUser(AtomicReference<Executor> used) {
			this.used = used;
		}

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			this.beanFactory = beanFactory;
		}

		@Override
		public void destroy() throws Exception {
			ExecutorService executor = this.beanFactory.getBean("pool", ExecutorService.class);
			Runners.run(executor, () -> "done");
			executor.shutdown();
			this.used.set(executor);
		}

	}

	/**
	 * As the one of Spring Cloud: a refresh destroys, and the next use makes anew.
	 */
	static class RefreshScope implements org.springframework.beans.factory.config.Scope {

		private final Map<String, Object> beans = new ConcurrentHashMap<>();

		private final Map<String, Runnable> callbacks = new ConcurrentHashMap<>();

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			Object bean = this.beans.get(name);
			if (bean == null) {
				bean = objectFactory.getObject();
				this.beans.put(name, bean);
			}
			return bean;
		}

		@Override
		public Object remove(String name) {
			return this.beans.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			this.callbacks.put(name, callback);
		}

		void refresh() {
			Map<String, Runnable> callbacks = new HashMap<>(this.callbacks);
			this.callbacks.clear();
			this.beans.clear();
			callbacks.values().forEach(Runnable::run);
		}

	}

}
