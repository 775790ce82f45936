// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Adapters over a pool, which may be a bean as well.
 */
class AdaptersTests {

	// an adapter took the counts away from its pool, which then looked stalled
	@Test
	void runWhenAdapterStandsOverMeteredPoolThenCountedAtThePool() {
		Runners.with().withUserConfiguration(Adapters.class).run((context) -> {
			Runners.run(context.getBean("concurrent", Executor.class), () -> "done");
			Runners.run(context.getBean("adapter", Executor.class), () -> "done");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").completed()).isEqualTo(2));
			assertThat(Runners.tasks(context, "pool").submitted()).isEqualTo(2);
			assertCountedAt(context, "concurrent", "pool");
			assertCountedAt(context, "adapter", "pool");
		});
	}

	// the same for schedules: their wait is known at the pool alone
	@Test
	void runWhenSchedulerStandsOverMeteredPoolThenCountedAtThePool() {
		Runners.with().withUserConfiguration(Adapters.class).run((context) -> {
			CountDownLatch ran = new CountDownLatch(1);
			context.getBean(ConcurrentTaskScheduler.class).schedule(ran::countDown, Instant.now());
			assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "timer").completed()).isEqualTo(1));
			assertCountedAt(context, "scheduler", "timer");
		});
	}

	// a field of the user's subclass was taken for Spring's of the same name
	@Test
	void runWhenSubclassHasFieldNamedAsSpringsThenUsersDecoratorStays() {
		Runners.with()
			.withBean("own", OwnConcurrentTaskExecutor.class, OwnConcurrentTaskExecutor::new)
			.run((context) -> {
				OwnConcurrentTaskExecutor own = context.getBean(OwnConcurrentTaskExecutor.class);
				Runners.run(own, () -> "done");
				assertThat(own.decorated.get()).isEqualTo(1);
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "own").completed()).isEqualTo(1));
			});
	}

	// with any TaskDecorator the adapter returned a plain future, whose wait helps nobody
	@ParameterizedTest
	@EnumSource
	void submitWhenPoolBeneathIsForkJoinThenWorkersStillHelpEachOther(OverForkJoin adapter) {
		Runners.with().withBean("adapter", AsyncTaskExecutor.class, adapter.supplier).run((context) -> {
			AsyncTaskExecutor executor = context.getBean(AsyncTaskExecutor.class);
			Future<Integer> nested = executor.submit(() -> executor.submit(() -> 42).get());
			assertThat(Runners.get(nested)).isEqualTo(42);
			assertThat(Runners.shown(context, "adapter").coverage()).isEqualTo("tasks");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "adapter").completed()).isEqualTo(2));
			assertThat(Runners.shown(context, "adapter").workers().limit()).isEqualTo(1);
		});
	}

	// where the user set one, there is no such help to lose
	@Test
	void submitWhenPoolBeneathIsForkJoinAndUserDecoratesThenMetered() {
		Runners.with()
			.withBean("own", OwnConcurrentTaskExecutor.class, () -> new OwnConcurrentTaskExecutor(new ForkJoinPool(1)))
			.run((context) -> {
				Runners.get(context.getBean(OwnConcurrentTaskExecutor.class).submit(() -> "done"));
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "own").completed()).isEqualTo(1));
			});
	}

	private static void assertCountedAt(BeanFactory context, String adapter, String pool) {
		assertThat(Runners.shown(context, adapter).coverage()).isEqualTo("none");
		assertThat(Runners.shown(context, adapter).coverageReason()).contains("at '" + pool + "'");
	}

	@Configuration(proxyBeanMethods = false)
	static class Adapters {

		@Bean
		ThreadPoolTaskExecutor pool() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		ConcurrentTaskExecutor concurrent(@Qualifier("pool") Executor pool) {
			return new ConcurrentTaskExecutor(pool);
		}

		@Bean
		TaskExecutorAdapter adapter(@Qualifier("pool") Executor pool) {
			return new TaskExecutorAdapter(pool);
		}

		@Bean
		ScheduledExecutorService timer() {
			return Executors.newScheduledThreadPool(1);
		}

		@Bean
		ConcurrentTaskScheduler scheduler(ScheduledExecutorService timer) {
			return new ConcurrentTaskScheduler(timer);
		}

	}

	enum OverForkJoin {

		CONCURRENT_TASK_EXECUTOR(() -> new ConcurrentTaskExecutor(new ForkJoinPool(1))),

		TASK_EXECUTOR_ADAPTER(() -> new TaskExecutorAdapter((Executor) new ForkJoinPool(1)));

		private final Supplier<AsyncTaskExecutor> supplier;

		OverForkJoin(Supplier<AsyncTaskExecutor> supplier) {
			this.supplier = supplier;
		}

	}

	/**
	 * Has a field of its own that is named as one of its superclass.
	 */
	public static class OwnConcurrentTaskExecutor extends ConcurrentTaskExecutor {

		final AtomicInteger decorated = new AtomicInteger();

		@SuppressWarnings({ "unused", "UnusedVariable" })
		private final String taskDecorator = "mine";

		OwnConcurrentTaskExecutor() {
			this(Runnable::run);
		}

		OwnConcurrentTaskExecutor(Executor pool) {
			super(pool);
			setTaskDecorator((task) -> {
				this.decorated.incrementAndGet();
				return task;
			});
		}

	}

}
