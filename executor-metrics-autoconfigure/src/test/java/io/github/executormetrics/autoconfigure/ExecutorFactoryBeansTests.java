// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.concurrent.ForkJoinPoolFactoryBean;
import org.springframework.scheduling.concurrent.ScheduledExecutorFactoryBean;
import org.springframework.scheduling.concurrent.ThreadPoolExecutorFactoryBean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorsEndpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A factory and its product share a bean name.
 */
class ExecutorFactoryBeansTests {

	// factory and product were both decorated, and each task counted twice
	@ParameterizedTest
	@EnumSource(Factory.class)
	void runWhenExecutorComesFromFactoryThenProductIsDecoratedOnce(Factory factory) {
		Runners.with().with(factory::register).run((context) -> {
			assertThat(context.getBean("&executor")).hasSameClassAs(factory.supplier.get());
			Object product = context.getBean("executor");
			assertThat(product).isInstanceOf(factory.product).isSameAs(context.getBean(factory.product));
			assertThat(Runners.run((Executor) product, () -> "done")).isEqualTo("done");
			assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors()).containsOnlyKeys("executor");
			assertThat(Runners.shown(context, "executor").coverage()).isEqualTo(factory.coverage);
			if (factory.coverage.equals("tasks")) {
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(1));
				assertThat(Runners.tasks(context, "executor").submitted()).isEqualTo(1);
			}
		});
	}

	// destroying went to the product's wrapper, and threads stayed behind
	@Test
	void closeWhenExecutorComesFromFactoryThenPoolIsShutDown() {
		ExecutorService[] product = new ExecutorService[1];
		Runners.with()
			.with(Factory.THREAD_POOL::register)
			.run((context) -> product[0] = context.getBean("executor", ExecutorService.class));
		assertThat(product[0].isShutdown()).isTrue();
	}

	enum Factory {

		THREAD_POOL(ThreadPoolExecutorFactoryBean::new, ExecutorService.class, "tasks"),

		UNCONFIGURABLE(Factory::unconfigurable, ExecutorService.class, "tasks"),

		SCHEDULED(ScheduledExecutorFactoryBean::new, ScheduledExecutorService.class, "tasks"),

		FORK_JOIN(ForkJoinPoolFactoryBean::new, ForkJoinPool.class, "tasks"),

		EXECUTOR_ITSELF(ExecutorThatIsAFactory::new, ThreadPoolExecutor.class, "tasks");

		private final Supplier<? extends FactoryBean<?>> supplier;

		private final Class<? extends Executor> product;

		private final String coverage;

		Factory(Supplier<? extends FactoryBean<?>> supplier, Class<? extends Executor> product, String coverage) {
			this.supplier = supplier;
			this.product = product;
			this.coverage = coverage;
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		ApplicationContextRunner register(ApplicationContextRunner runner) {
			return runner.withBean("executor", (Class) this.supplier.get().getClass(), this.supplier);
		}

		private static ThreadPoolExecutorFactoryBean unconfigurable() {
			ThreadPoolExecutorFactoryBean factory = new ThreadPoolExecutorFactoryBean();
			factory.setExposeUnconfigurableExecutor(true);
			return factory;
		}

	}

	@SuppressWarnings("serial")
	public static class ExecutorThatIsAFactory extends ThreadPoolTaskExecutor
			implements FactoryBean<ThreadPoolExecutor> {

		@Override
		public ThreadPoolExecutor getObject() {
			return getThreadPoolExecutor();
		}

		@Override
		public Class<?> getObjectType() {
			return ThreadPoolExecutor.class;
		}

	}

}
