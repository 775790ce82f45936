// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.CompositeTaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.task.TaskTracing;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where Spring's decorator carries the context, we do not even look at it.
 */
class NoDoubleCaptureTests {

	@ParameterizedTest
	@ValueSource(strings = { "pool", "composite", "threads", "adapter" })
	void whenSpringsDecoratorCarriesTheContextThenItIsNotCaptured(String executor) {
		Runners.with()
			.withUserConfiguration(Executors.class)
			.run((context) -> assertThat(captures(context, executor)).isZero());
	}

	@Test
	void whenAnotherDecoratorIsSetThenItIsCapturedOnce() {
		Runners.with()
			.withUserConfiguration(Executors.class)
			.run((context) -> assertThat(captures(context, "other")).isOne());
	}

	// set as spring.task.execution.propagate-context does
	@Test
	void whenBootPropagatesTheContextThenItIsNotCaptured() {
		Runners.with()
			.withConfiguration(Runners.TASKS)
			.withPropertyValues("spring.task.execution.propagate-context=true")
			.run((context) -> assertThat(captures(context, "applicationTaskExecutor")).isZero());
	}

	private static int captures(BeanFactory context, String executor) throws Exception {
		Counting tracing = new Counting();
		Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find(executor)).recorder().tracing(tracing);
		Runners.run(context.getBean(executor, Executor.class), () -> "done");
		assertThat(tracing.entered).hasValue(1);
		return tracing.captured.get();
	}

	private static final class Counting implements TaskTracing {

		private final AtomicInteger captured = new AtomicInteger();

		private final AtomicInteger entered = new AtomicInteger();

		@Override
		public @Nullable Object capture() {
			this.captured.incrementAndGet();
			return null;
		}

		@Override
		public @Nullable Scope enter(String executor, String task, @Nullable Object context, long waitNanos) {
			this.entered.incrementAndGet();
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Executors {

		@Bean
		ThreadPoolTaskExecutor pool() {
			return pool(new ContextPropagatingTaskDecorator());
		}

		@Bean
		ThreadPoolTaskExecutor composite() {
			return pool(new CompositeTaskDecorator(
					List.<TaskDecorator>of((task) -> task, new ContextPropagatingTaskDecorator())));
		}

		@Bean
		ThreadPoolTaskExecutor other() {
			return pool((task) -> task);
		}

		@Bean
		SimpleAsyncTaskExecutor threads() {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
			executor.setTaskDecorator(new ContextPropagatingTaskDecorator());
			return executor;
		}

		@Bean
		TaskExecutorAdapter adapter() {
			TaskExecutorAdapter adapter = new TaskExecutorAdapter((task) -> new Thread(task).start());
			adapter.setTaskDecorator(new ContextPropagatingTaskDecorator());
			return adapter;
		}

		private static ThreadPoolTaskExecutor pool(TaskDecorator decorator) {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setTaskDecorator(decorator);
			return executor;
		}

	}

}
