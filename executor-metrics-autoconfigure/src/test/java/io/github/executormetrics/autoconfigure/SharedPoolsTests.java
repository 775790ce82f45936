// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.actuate.ExecutorDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * One pool that more than one bean reaches: each task is counted once, at the first.
 */
class SharedPoolsTests {

	// one pool under two names was decorated twice
	@Test
	void runWhenSameBeanHasTwoNamesThenCountedAtTheFirst() {
		Runners.with().withUserConfiguration(TwoNames.class).run((context) -> {
			assertThat(context.getBean("second")).isSameAs(context.getBean("first"));
			Runners.run(context.getBean("second", Executor.class), () -> "done");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "first").completed()).isEqualTo(1));
			assertCountedAtFirst(Runners.shown(context, "second"));
		});
	}

	// the second name gave the pool itself, past what counts
	@ParameterizedTest
	@EnumSource
	void runWhenSamePoolIsTwoBeansThenCountedAtTheFirstByEitherWay(Raw raw) {
		Executor pool = raw.supplier.get();
		Runners.with()
			.withBean("first", Executor.class, () -> pool)
			.withBean("second", Executor.class, () -> pool)
			.run((context) -> {
				Runners.run(context.getBean("first", Executor.class), () -> "done");
				Runners.run(context.getBean("second", Executor.class), () -> "done");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "first").completed()).isEqualTo(2));
				assertThat(Runners.tasks(context, "first").submitted()).isEqualTo(2);
				assertCountedAtFirst(Runners.shown(context, "second"));
			});
	}

	// what stands for an interface is no answer to who asks for the class
	@Test
	void runWhenSecondBeanIsDeclaredByItsClassThenItIsThePoolItselfAndSaysSo() {
		UnusualExecutorBeansTests.FinalExecutor executor = new UnusualExecutorBeansTests.FinalExecutor();
		Runners.with()
			.withBean("first", Executor.class, () -> executor)
			.withBean("second", UnusualExecutorBeansTests.FinalExecutor.class, () -> executor)
			.run((context) -> {
				assertThat(context.getBean(UnusualExecutorBeansTests.FinalExecutor.class)).isSameAs(executor);
				assertThat(Runners.shown(context, "second").coverage()).isEqualTo("none");
				assertThat(Runners.shown(context, "second").coverageReason()).contains("not visible")
					.contains("'first'");
			});
	}

	// an adapter that reaches the pool itself went past what counts
	@Test
	void runWhenAdapterReachesThePoolItselfThenCountedAtThePool() {
		ThreadPoolExecutor pool = pool();
		Runners.with()
			.withBean("pool", Executor.class, () -> pool)
			.withBean("adapter", ConcurrentTaskExecutor.class, () -> new ConcurrentTaskExecutor(pool))
			.run((context) -> {
				Runners.run(context.getBean("adapter", Executor.class), () -> "done");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").completed()).isEqualTo(1));
				assertThat(Runners.tasks(context, "pool").submitted()).isEqualTo(1);
				assertThat(Runners.shown(context, "adapter").coverageReason())
					.isEqualTo("its tasks are counted at 'pool'");
			});
	}

	// the pool that a getter gives was decorated once more and counted twice
	@Test
	void runWhenBeanIsThePoolInsideOfAnotherThenCountedAtTheOther() {
		Runners.with().withUserConfiguration(InnerPools.class).run((context) -> {
			Runners.run(context.getBean("inner", Executor.class), () -> "done");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "first").completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, "first").submitted()).isEqualTo(1);
			assertCountedAtFirst(Runners.shown(context, "inner"));
			assertThat(Runners.shown(context, "innerTimer").coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, "innerTimer").coverageReason())
				.isEqualTo("its tasks are counted at 'timer'");
		});
	}

	// a second handler took the place of the one that counts refusals
	@Test
	void runWhenBeanIsThePoolInsideOfAnotherThenRefusalsAreCountedAtTheOther() {
		Runners.with().withUserConfiguration(InnerPools.class).run((context) -> {
			ThreadPoolExecutor inner = context.getBean("inner", ThreadPoolExecutor.class);
			inner.shutdown();
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> context.getBean("first", TaskExecutor.class).execute(() -> {
				}));
			assertThat(Runners.tasks(context, "first").rejected()).isEqualTo(1);
			assertThat(Runners.tasks(context, "first").active()).isZero();
		});
	}

	// tasks that go straight to a pool nothing stands in front of were said to be counted
	@Test
	void runWhenThePoolInsideCannotBeProxiedThenItsBeanSaysSo() {
		Runners.with()
			.withBean("first", OwnTaskExecutor.class, OwnTaskExecutor::new)
			.withUserConfiguration(InnerPool.class)
			.run((context) -> {
				Runners.run(context.getBean("inner", Executor.class), () -> "done");
				assertThat(Runners.shown(context, "inner").coverage()).isEqualTo("state");
				assertThat(Runners.shown(context, "inner").coverageReason()).isEqualTo("its class is final");
			});
	}

	private static void assertCountedAtFirst(ExecutorDescriptor shown) {
		assertThat(shown.coverage()).isEqualTo("none");
		assertThat(shown.coverageReason()).isEqualTo("its tasks are counted at 'first'");
	}

	private static ThreadPoolExecutor pool() {
		return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
	}

	enum Raw {

		THREAD_POOL_EXECUTOR(() -> pool()),

		JDK_WRAPPED_SERVICE(Executors::newSingleThreadExecutor),

		FORK_JOIN_POOL(() -> new ForkJoinPool(1)),

		LAMBDA(() -> (task) -> task.run());

		private final Supplier<Executor> supplier;

		Raw(Supplier<Executor> supplier) {
			this.supplier = supplier;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoNames {

		@Bean
		TaskExecutor first() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		TaskExecutor second(@Qualifier("first") TaskExecutor first) {
			return first;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InnerPools {

		@Bean
		ThreadPoolTaskExecutor first() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		ThreadPoolExecutor inner(ThreadPoolTaskExecutor first) {
			return first.getThreadPoolExecutor();
		}

		@Bean
		ThreadPoolTaskScheduler timer() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		ScheduledExecutorService innerTimer(ThreadPoolTaskScheduler timer) {
			return timer.getScheduledExecutor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InnerPool {

		@Bean
		ThreadPoolExecutor inner(OwnTaskExecutor first) {
			return first.getThreadPoolExecutor();
		}

	}

	/**
	 * Makes a pool of a class that no proxy can stand in front of.
	 */
	@SuppressWarnings("serial")
	static class OwnTaskExecutor extends ThreadPoolTaskExecutor {

		private transient FinalPool pool = new FinalPool();

		@Override
		protected ExecutorService initializeExecutor(ThreadFactory threadFactory, RejectedExecutionHandler handler) {
			this.pool = new FinalPool();
			return this.pool;
		}

		@Override
		public ThreadPoolExecutor getThreadPoolExecutor() {
			return this.pool;
		}

		@Override
		public void execute(Runnable task) {
			this.pool.execute(task);
		}

	}

	static final class FinalPool extends ThreadPoolExecutor {

		FinalPool() {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

}
