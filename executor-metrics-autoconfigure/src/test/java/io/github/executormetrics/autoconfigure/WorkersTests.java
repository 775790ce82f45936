// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.ThreadsDescriptor;
import io.github.executormetrics.actuate.ThreadsDescriptor.WorkerDescriptor;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The workers of real pools: known by their thread factory, which stays the user's to
 * see.
 */
class WorkersTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=10ms", "executor-metrics.watch.window=100ms");

	private static @Nullable ThreadsDescriptor shown(BeanFactory context, String name) {
		return Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(name), name).threads();
	}

	private static ThreadsDescriptor threads(BeanFactory context, String name) {
		return Objects.requireNonNull(shown(context, name), () -> "no threads of " + name);
	}

	private static double count(BeanFactory context, String meter, String name) {
		FunctionCounter counter = context.getBean(MeterRegistry.class).find(meter).tag("name", name).functionCounter();
		return (counter != null) ? counter.count() : -1;
	}

	static Stream<String> pools() {
		return Stream.of("tasks", "scheduler", "pool", "scheduledPool", "ownPool", "forkJoin");
	}

	@ParameterizedTest
	@MethodSource("pools")
	void aWorkerIsToldWithItsTask(String name) {
		this.runner.withUserConfiguration(Pools.class).run((context) -> {
			assertThat(shown(context, name)).isNull();
			CountDownLatch release = new CountDownLatch(1);
			context.getBean(name, Executor.class).execute(NamedTask.of("held", () -> Hold.until(release)));
			await().untilAsserted(() -> {
				ThreadsDescriptor threads = threads(context, name);
				assertThat(threads.started()).isOne();
				assertThat(threads.ended()).isZero();
				assertThat(threads.unknown()).isNull();
				WorkerDescriptor worker = threads.workers().get(0);
				assertThat(worker.name()).startsWith(name + "-");
				assertThat(worker.state()).isEqualTo(Thread.State.WAITING);
				assertThat(worker.task()).isEqualTo("held");
				assertThat(worker.ageMillis()).isPositive();
				assertThat(threads.parks()).isEqualTo(Objects.requireNonNull(threads.unparks()) + 1);
				assertThat(threads.blocked()).isNotNegative();
				assertThat(threads.cpuMillis()).isPositive();
				assertThat(threads.cpuUtilization()).isBetween(0.0, 1.0);
			});
			await().untilAsserted(() -> {
				assertThat(count(context, "executor.worker.started", name)).isOne();
				assertThat(count(context, "executor.worker.park", name))
					.isEqualTo(count(context, "executor.worker.unpark", name) + 1);
				assertThat(count(context, "executor.worker.cpu", name)).isPositive();
			});
			release.countDown();
			await().untilAsserted(() -> assertThat(threads(context, name).workers())
				.allSatisfy((worker) -> assertThat(worker.task()).isNull()));
		});
	}

	// a getter answered for the wrapper
	@Test
	void theThreadFactoryStaysTheUsers() {
		this.runner.withUserConfiguration(Pools.class).run((context) -> {
			ThreadFactory other = new CustomizableThreadFactory("other-");
			for (ThreadPoolExecutor pool : List.of(context.getBean("pool", ThreadPoolExecutor.class),
					context.getBean("scheduledPool", ThreadPoolExecutor.class),
					context.getBean("ownPool", ThreadPoolExecutor.class),
					context.getBean(ThreadPoolTaskExecutor.class).getThreadPoolExecutor(),
					context.getBean(ThreadPoolTaskScheduler.class).getScheduledThreadPoolExecutor())) {
				assertThat(pool.getThreadFactory()).isInstanceOf(CustomizableThreadFactory.class);
				pool.setThreadFactory(other);
				assertThat(pool.getThreadFactory()).isSameAs(other);
				assertThat(Runners.get(pool.submit(() -> Thread.currentThread().getName()))).startsWith("other-");
			}
			assertThat(threads(context, "tasks").started()).isOne();
			assertThat(threads(context, "ownPool").workers()).singleElement()
				.satisfies((worker) -> assertThat(worker.name()).startsWith("other-"));
		});
	}

	// a pool that outlives its application was wrapped once for each
	@Test
	void whenAPoolGoesThroughTwoApplicationsThenEachKnowsItsOwnThreads() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("shared-");
		ThreadPoolExecutor shared = new ThreadPoolExecutor(0, 1, 1, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(),
				factory);
		for (int i = 0; i < 2; i++) {
			this.runner
				.withBean("shared", ThreadPoolExecutor.class, () -> shared,
						(definition) -> definition.setDestroyMethodName(""))
				.run((context) -> {
					ThreadPoolExecutor pool = context.getBean("shared", ThreadPoolExecutor.class);
					assertThat(pool.getThreadFactory()).isSameAs(factory);
					assertThat(shown(context, "shared")).isNull();
					Runners.run(pool, () -> "done");
					await().untilAsserted(() -> assertThat(threads(context, "shared").ended()).isOne());
					assertThat(threads(context, "shared").started()).isOne();
				});
		}
		shared.shutdown();
	}

	@Test
	void whenWorkersWereThereBeforeThenTheyAreToldAsUnknown() {
		this.runner.withUserConfiguration(Pools.class).run((context) -> {
			CountDownLatch release = new CountDownLatch(1);
			ThreadPoolExecutor prestarted = context.getBean("prestarted", ThreadPoolExecutor.class);
			assertThat(prestarted.getPoolSize()).isOne();
			assertThat(shown(context, "prestarted")).isNull();
			for (int i = 0; i < 3; i++) {
				prestarted.execute(() -> Hold.until(release));
			}
			await().untilAsserted(() -> {
				assertThat(threads(context, "prestarted").workers()).hasSize(2);
				assertThat(threads(context, "prestarted").unknown()).isOne();
			});
			release.countDown();
		});
	}

	// what looks measured and is not
	@Test
	void whenAThreadIsNotMeasuredThenNothingIsToldOfItsWaits() {
		this.runner.withUserConfiguration(Pools.class).run((context) -> {
			Runners.run(context.getBean("unmeasured", Executor.class), () -> "done");
			ThreadsDescriptor threads = threads(context, "unmeasured");
			assertThat(threads.started()).isOne();
			assertThat(threads.parks()).isNull();
			assertThat(threads.cpuMillis()).isNull();
			await().untilAsserted(() -> assertThat(count(context, "executor.worker.started", "unmeasured")).isOne());
			assertThat(count(context, "executor.worker.park", "unmeasured")).isNegative();
			assertThat(count(context, "executor.worker.cpu", "unmeasured")).isNegative();
			ThreadPoolExecutor pool = context.getBean("unmeasured", ThreadPoolExecutor.class);
			pool.setThreadFactory(Thread::new);
			pool.setMaximumPoolSize(2);
			pool.setCorePoolSize(2);
			Runners.run(pool, () -> "done");
			await().untilAsserted(() -> assertThat(count(context, "executor.worker.cpu", "unmeasured")).isPositive());
		});
	}

	// a worker that cannot be read must work all the same
	@Test
	void whenAThreadRefusesItsIdThenItWorksAllTheSame() {
		this.runner.withUserConfiguration(Pools.class).run((context) -> {
			ThreadPoolExecutor pool = context.getBean("pool", ThreadPoolExecutor.class);
			pool.setThreadFactory((work) -> new Thread(work) {
				private boolean working;

				@Override
				public void run() {
					this.working = true;
					super.run();
				}

				@Override
				@SuppressWarnings("deprecation")
				public long getId() {
					StackTraceElement[] frames = new Throwable().getStackTrace();
					if (this.working && frames[1].getClassName().endsWith("ThreadUsage")) {
						throw new IllegalStateException("on purpose");
					}
					return super.getId();
				}
			});
			assertThat(Runners.get(pool.submit(() -> "done"))).isEqualTo("done");
			assertThat(threads(context, "pool").started()).isOne();
		});
	}

	// the pool went on without its worker
	@Test
	void whenAFactoryRefusesAThreadThenThePoolDoesAsBefore() {
		this.runner.withUserConfiguration(Pools.class).run((context) -> {
			ThreadPoolExecutor pool = context.getBean("pool", ThreadPoolExecutor.class);
			ThreadFactory own = pool.getThreadFactory();
			pool.setThreadFactory((work) -> null);
			pool.execute(() -> {
			});
			assertThat(pool.getPoolSize()).isZero();
			assertThat(pool.getQueue()).hasSize(1);
			pool.setThreadFactory(own);
			Runners.run(pool, () -> "done");
			assertThat(threads(context, "pool").started()).isOne();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Pools {

		@Bean
		ThreadPoolTaskExecutor tasks() {
			ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
			tasks.setCorePoolSize(2);
			return tasks;
		}

		@Bean
		ThreadPoolTaskScheduler scheduler() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		ThreadPoolExecutor pool() {
			return fill(new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()), "pool-");
		}

		@Bean
		ScheduledThreadPoolExecutor scheduledPool() {
			return fill(new ScheduledThreadPoolExecutor(2), "scheduledPool-");
		}

		@Bean
		OwnPool ownPool() {
			return fill(new OwnPool(), "ownPool-");
		}

		@Bean
		ThreadPoolExecutor prestarted() {
			ThreadPoolExecutor pool = fill(
					new ThreadPoolExecutor(3, 3, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()), "prestarted-");
			pool.prestartCoreThread();
			return pool;
		}

		@Bean(destroyMethod = "shutdown")
		ExecutorService forkJoin() {
			return new ForkJoinPool(2, (pool) -> {
				ForkJoinWorkerThread worker = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
				worker.setName("forkJoin-" + worker.getPoolIndex());
				return worker;
			}, null, false);
		}

		@Bean
		ThreadPoolExecutor unmeasured() {
			return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
					(work) -> new Thread(work) {
						@Override
						@SuppressWarnings("deprecation")
						public long getId() {
							// as the JVM tells nothing of a virtual thread
							return Long.MAX_VALUE;
						}
					});
		}

		private static <P extends ThreadPoolExecutor> P fill(P pool, String prefix) {
			pool.setThreadFactory(new CustomizableThreadFactory(prefix));
			return pool;
		}

	}

	static class OwnPool extends ThreadPoolExecutor {

		OwnPool() {
			super(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Executors.defaultThreadFactory());
		}

	}

}
