// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorsEndpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code @Async} methods run where they ran, and are seen there.
 */
class AsyncExecutorsTests {

	private static final String CONFIGURER = "asyncExecutorsTests.Configurer";

	// an AsyncConfigurer that was wrapped gave another executor than the user's
	@Test
	void asyncWhenConfigurerMakesExecutorThenRunsOnSameThreadsAsWithoutUs() {
		String without = threadOf(Runners.without().withUserConfiguration(Configurer.class));
		assertThat(without).isEqualTo("own-1");
		assertThat(threadOf(Runners.with().withUserConfiguration(Configurer.class))).isEqualTo(without);
	}

	// a configuration class that was proxied by its interface failed the start
	@Test
	void asyncWhenConfigurationClassIsConfigurerThenItIsUntouched() {
		Runners.without().withUserConfiguration(Configurer.class).run((without) -> {
			Class<?> type = without.getBean(Configurer.class).getClass();
			Runners.with()
				.withUserConfiguration(Configurer.class)
				.run((context) -> assertThat(context.getBean(AsyncConfigurer.class))
					.hasSameClassAs(context.getBean(Configurer.class))
					.isNotInstanceOf(org.springframework.aop.framework.Advised.class)
					.extracting((configurer) -> configurer.getClass().getSuperclass())
					.isEqualTo(type.getSuperclass()));
		});
	}

	// the tasks of an executor that is no bean went unseen
	@Test
	void asyncWhenConfigurerMakesExecutorThenMeteredUnderNameOfConfigurer() {
		Runners.with().withUserConfiguration(Configurer.class).run((context) -> {
			Runners.get(context.getBean(Service.class).thread());
			await().untilAsserted(() -> assertThat(Runners.tasks(context, CONFIGURER).completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, CONFIGURER).submitted()).isEqualTo(1);
			assertThat(Runners.shown(context, CONFIGURER).type()).isEqualTo(ThreadPoolTaskExecutor.class.getName());
		});
	}

	// one executor that is a bean as well was decorated and counted twice
	@Test
	void asyncWhenConfigurerReturnsBeanThenMeteredUnderNameOfBeanOnly() {
		Runners.with().withUserConfiguration(BeanConfigurer.class).run((context) -> {
			assertThat(Runners.get(context.getBean(Service.class).thread())).isEqualTo("bean-1");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "mine").completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, "mine").submitted()).isEqualTo(1);
			assertThat(names(context)).containsExactly("mine");
		});
	}

	// a pool that is a bean as well was used past its decorator
	@Test
	void asyncWhenConfigurerReturnsPoolOfBeanItselfThenMeteredUnderNameOfBeanOnly() {
		Runners.with().withUserConfiguration(FieldConfigurer.class).run((context) -> {
			assertThat(Runners.get(context.getBean(Service.class).thread())).isEqualTo("field-1");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "mine").completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, "mine").submitted()).isEqualTo(1);
			assertThat(names(context)).containsExactly("mine");
		});
	}

	// a qualified method went to the default executor
	@Test
	void asyncWhenMethodIsQualifiedThenRunsAndCountsAtThatBean() {
		Runners.with().withUserConfiguration(Qualified.class).run((context) -> {
			assertThat(Runners.get(context.getBean(Service.class).qualifiedThread())).isEqualTo("special-1");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "special").completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, "other").submitted()).isZero();
		});
	}

	// @EnableAsync no longer found Boot's executor, and made a thread for each call
	@Test
	void asyncWhenNothingIsConfiguredThenRunsOnBootsExecutor() {
		ApplicationContextRunner without = Runners.without()
			.withConfiguration(Runners.TASKS)
			.withUserConfiguration(Default.class);
		assertThat(threadOf(without)).isEqualTo("task-1");
		without.withConfiguration(Runners.OURS).run((context) -> {
			assertThat(Runners.get(context.getBean(Service.class).thread())).isEqualTo("task-1");
			await().untilAsserted(
					() -> assertThat(Runners.tasks(context, "applicationTaskExecutor").completed()).isEqualTo(1));
		});
	}

	// @EnableAsync without any executor took ours for the application's
	@Test
	void asyncWhenThereIsNoExecutorThenRunsOnSpringsFallbackAsWithoutUs() {
		String without = threadOf(Runners.without().withUserConfiguration(Default.class));
		assertThat(without).startsWith("SimpleAsyncTaskExecutor-");
		assertThat(threadOf(Runners.with().withUserConfiguration(Default.class))).isEqualTo(without);
	}

	// a configurer that leaves the executor to Spring failed with a null
	@Test
	void asyncWhenConfigurerReturnsNullThenRunsOnBootsExecutor() {
		ApplicationContextRunner without = Runners.without()
			.withConfiguration(Runners.TASKS)
			.withUserConfiguration(NullConfigurer.class);
		String thread = threadOf(without);
		assertThat(threadOf(without.withConfiguration(Runners.OURS))).isEqualTo(thread).isEqualTo("task-1");
	}

	// configuring the processor anew lost the user's handler of uncaught exceptions
	@Test
	void asyncWhenMethodThrowsThenHandlerOfConfigurerIsCalled() {
		Runners.with().withUserConfiguration(Configurer.class).run((context) -> {
			context.getBean(Service.class).fail();
			Configurer configurer = context.getBean(Configurer.class);
			assertThat(configurer.handled.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(configurer.uncaught.get()).hasMessage("expected");
		});
	}

	// there was no way out of the seam alone
	@Test
	void asyncWhenSwitchedOffThenConfigurersExecutorIsLeftAlone() {
		Runners.with()
			.withPropertyValues("executor-metrics.async.enabled=false")
			.withUserConfiguration(Configurer.class)
			.run((context) -> {
				assertThat(Runners.get(context.getBean(Service.class).thread())).isEqualTo("own-1");
				assertThat(names(context)).isEmpty();
			});
	}

	// what leaves a bean alone did not leave this one alone
	@ParameterizedTest
	@ValueSource(strings = { "executor-metrics.exclude=asyncExecutorsTests.*",
			"executor-metrics.executors[" + CONFIGURER + "].enabled=false" })
	void asyncWhenConfigurersExecutorIsSwitchedOffThenItIsLeftAlone(String property) {
		Runners.with().withPropertyValues(property).withUserConfiguration(Configurer.class).run((context) -> {
			assertThat(Runners.get(context.getBean(Service.class).thread())).isEqualTo("own-1");
			assertThat(Runners.shown(context, CONFIGURER).coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, CONFIGURER).coverageReason())
				.contains(property.replaceAll("[\\[=].*", ""));
		});
	}

	// a bean that was left alone came back under the configurer's name
	@Test
	void asyncWhenConfigurerReturnsExcludedBeanThenItIsLeftAlone() {
		Runners.with()
			.withPropertyValues("executor-metrics.exclude=mine")
			.withUserConfiguration(BeanConfigurer.class)
			.run((context) -> {
				assertThat(Runners.get(context.getBean(Service.class).thread())).isEqualTo("bean-1");
				assertThat(names(context)).containsExactly("mine");
				assertThat(Runners.shown(context, "mine").coverage()).isEqualTo("none");
			});
	}

	private static String threadOf(ApplicationContextRunner runner) {
		AtomicReference<String> thread = new AtomicReference<>("none");
		runner.run((context) -> thread.set(Runners.get(context.getBean(Service.class).thread())));
		return thread.get();
	}

	private static Set<String> names(BeanFactory context) {
		return context.getBean(ExecutorsEndpoint.class).executors().executors().keySet();
	}

	private static ThreadPoolTaskExecutor executor(String prefix) {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setThreadNamePrefix(prefix);
		return executor;
	}

	static class Service {

		@Async
		CompletableFuture<String> thread() {
			return CompletableFuture.completedFuture(Thread.currentThread().getName());
		}

		@Async("special")
		CompletableFuture<String> qualifiedThread() {
			return CompletableFuture.completedFuture(Thread.currentThread().getName());
		}

		@Async
		void fail() {
			throw new IllegalStateException("expected");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	@Import(Service.class)
	static class Default {

	}

	@Configuration
	@EnableAsync
	@Import(Service.class)
	static class Configurer implements AsyncConfigurer {

		final CountDownLatch handled = new CountDownLatch(1);

		final AtomicReference<Throwable> uncaught = new AtomicReference<>(new AssertionError("none"));

		@Override
		public Executor getAsyncExecutor() {
			ThreadPoolTaskExecutor executor = executor("own-");
			executor.setDaemon(true);
			executor.initialize();
			return executor;
		}

		@Override
		public AsyncUncaughtExceptionHandler getAsyncUncaughtExceptionHandler() {
			return (ex, method, params) -> {
				this.uncaught.set(ex);
				this.handled.countDown();
			};
		}

	}

	@Configuration
	@EnableAsync
	@Import(Service.class)
	static class BeanConfigurer implements AsyncConfigurer {

		@Bean
		ThreadPoolTaskExecutor mine() {
			return executor("bean-");
		}

		@Override
		public Executor getAsyncExecutor() {
			return mine();
		}

	}

	@Configuration
	@EnableAsync
	@Import(Service.class)
	static class FieldConfigurer implements AsyncConfigurer {

		private final ThreadPoolTaskExecutor field = executor("field-");

		@Bean
		ThreadPoolTaskExecutor mine() {
			return this.field;
		}

		@Override
		public Executor getAsyncExecutor() {
			return this.field;
		}

	}

	@Configuration
	@EnableAsync
	@Import(Service.class)
	static class NullConfigurer implements AsyncConfigurer {

		@Override
		public @Nullable Executor getAsyncExecutor() {
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	@Import(Service.class)
	static class Qualified {

		@Bean
		AsyncTaskExecutor special() {
			return executor("special-");
		}

		@Bean
		AsyncTaskExecutor other() {
			return executor("other-");
		}

	}

}
