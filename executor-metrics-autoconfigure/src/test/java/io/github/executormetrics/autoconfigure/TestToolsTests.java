// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.test.util.AopTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.verify;

/**
 * Row: `ReflectionTestUtils.getField(bean, "corePoolSize")`, AssertJ `extracting`,
 * DirectFieldAccessor. And mocks that no annotation makes, and AopTestUtils.
 */
class TestToolsTests {

	// a mock that a configuration makes itself comes to us as any bean does
	@Test
	void whenConfigurationMakesMocksThenTheyAreLeftAlone() {
		Runners.with()
			.withBean("pool", ThreadPoolExecutor.class, () -> Mockito.mock(ThreadPoolExecutor.class))
			.withBean("tasks", ThreadPoolTaskExecutor.class, () -> Mockito.mock(ThreadPoolTaskExecutor.class))
			.withBean("plain", Executor.class, () -> Mockito.mock(Executor.class))
			.run((context) -> {
				for (String name : new String[] { "pool", "tasks", "plain" }) {
					Executor bean = context.getBean(name, Executor.class);
					assertThat(Mockito.mockingDetails(bean).isMock()).isTrue();
					assertThat(Runners.shown(context, name).coverage()).isEqualTo("none");
					bean.execute(() -> {
					});
					verify(bean).execute(any());
				}
				Mockito.verifyNoMoreInteractions(context.getBean("pool"));
			});
	}

	@Test
	void whenUnwrappedByAopTestUtilsThenGivesTheUsersObject() {
		OwnExecutor own = new OwnExecutor();
		Runners.with().withBean("executor", OwnExecutor.class, () -> own).run((context) -> {
			OwnExecutor bean = context.getBean(OwnExecutor.class);
			assertThat(bean).isNotSameAs(own);
			assertThat(AopTestUtils.<OwnExecutor>getTargetObject(bean)).isSameAs(own);
			assertThat(AopTestUtils.<OwnExecutor>getUltimateTargetObject(bean)).isSameAs(own);
		});
	}

	public static class OwnExecutor implements Executor {

		@Override
		public void execute(Runnable command) {
			command.run();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ExecutorMetricsAutoConfiguration.class)
	static class Kinds {

		@Bean
		ThreadPoolTaskExecutor taskExecutor() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		ThreadPoolTaskScheduler taskScheduler() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		ThreadPoolExecutor pool() {
			return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

		@Bean
		ScheduledThreadPoolExecutor scheduledPool() {
			return new ScheduledThreadPoolExecutor(1);
		}

		@Bean
		ExecutorService service() {
			return Executors.newSingleThreadExecutor();
		}

		@Bean
		ForkJoinPool forks() {
			return new ForkJoinPool(1);
		}

		@Bean
		SimpleAsyncTaskExecutor simple() {
			return new SimpleAsyncTaskExecutor();
		}

		@Bean
		SimpleAsyncTaskScheduler simpleScheduler() {
			return new SimpleAsyncTaskScheduler();
		}

		@Bean
		OwnExecutor own() {
			return new OwnExecutor();
		}

		@Bean
		Executor finals() {
			return new UnusualExecutorBeansTests.FinalExecutor();
		}

	}

}
