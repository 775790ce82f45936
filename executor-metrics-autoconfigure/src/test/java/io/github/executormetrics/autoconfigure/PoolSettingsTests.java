// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeansException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.PoolSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what advice calls the settings of an executor: the property of Boot's where
 * Boot has made it, else that of the bean.
 */
class PoolSettingsTests {

	private static PoolSettings settings(ApplicationContext context, String name) {
		return context.getBean(ExecutorRegistry.class).find(name).settings();
	}

	@Test
	void whenBootHasMadeItThenItsPropertiesAreNamed() {
		Runners.with().withConfiguration(Runners.TASKS).withUserConfiguration(Scheduling.class).run((context) -> {
			assertThat(settings(context, "applicationTaskExecutor"))
				.isEqualTo(new PoolSettings("spring.task.execution.pool.core-size",
						"spring.task.execution.pool.max-size", "spring.task.execution.pool.queue-capacity"));
			assertThat(settings(context, "taskScheduler"))
				.isEqualTo(new PoolSettings("spring.task.scheduling.pool.size", null, null));
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenBootHasMadeItForVirtualThreadsThenItsLimitIsNamed() {
		Runners.with()
			.withConfiguration(Runners.TASKS)
			.withUserConfiguration(Scheduling.class)
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> {
				assertThat(settings(context, "applicationTaskExecutor").workers())
					.isEqualTo("spring.task.execution.simple.concurrency-limit");
				assertThat(settings(context, "taskScheduler").workers())
					.isEqualTo("spring.task.scheduling.simple.concurrency-limit");
			});
	}

	@Test
	void whenTheUserHasMadeItUnderTheSameNameThenThePropertiesOfTheBeanAreNamed() {
		Runners.with().withUserConfiguration(Users.class).run((context) -> {
			assertThat(settings(context, "applicationTaskExecutor"))
				.isEqualTo(new PoolSettings("corePoolSize", "maxPoolSize", "queueCapacity"));
			assertThat(settings(context, "taskScheduler")).isEqualTo(new PoolSettings("poolSize", null, null));
			assertThat(settings(context, "pool"))
				.isEqualTo(new PoolSettings("corePoolSize", "maximumPoolSize", "queueCapacity"));
			assertThat(settings(context, "scheduledPool")).isEqualTo(new PoolSettings("corePoolSize", null, null));
			assertThat(settings(context, "forkJoin")).isEqualTo(new PoolSettings("parallelism", null, null));
			assertThat(settings(context, "simple")).isEqualTo(new PoolSettings("concurrencyLimit", null, null));
			assertThat(settings(context, "subclass"))
				.isEqualTo(new PoolSettings("corePoolSize", "maxPoolSize", "queueCapacity"));
			// what is inside nobody told
			assertThat(settings(context, "adapter")).isEqualTo(PoolSettings.NONE);
		});
	}

	@Test
	void whenTomcatHasThreadsThenTheServersPropertiesAreNamed() {
		TomcatRunners.with()
			.run((context) -> assertThat(settings(context, TomcatRunners.NAME)).isEqualTo(
					new PoolSettings("server.tomcat.threads.max", null, "server.tomcat.threads.max-queue-capacity")));
	}

	// a property that is advised and that Boot does not know would be worse than none
	@ParameterizedTest
	@ValueSource(strings = { "spring.task.execution.pool.core-size", "spring.task.execution.pool.max-size",
			"spring.task.execution.pool.queue-capacity", "spring.task.execution.simple.concurrency-limit",
			"spring.task.scheduling.pool.size", "spring.task.scheduling.simple.concurrency-limit",
			"server.tomcat.threads.max", "server.tomcat.threads.max-queue-capacity", "server.jetty.threads.max",
			"server.jetty.threads.max-queue-capacity" })
	void eachPropertyIsOneOfBoots(String property) throws IOException {
		assertThat(metadata()).anyMatch((json) -> json.contains("\"" + property + "\""));
	}

	private static Stream<String> metadata() throws IOException {
		return Collections
			.list(PoolSettingsTests.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))
			.stream()
			.map(PoolSettingsTests::read);
	}

	private static String read(URL url) {
		try (InputStream in = url.openStream()) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

	}

	@Configuration(proxyBeanMethods = false)
	static class Users {

		@Bean
		ThreadPoolTaskExecutor applicationTaskExecutor() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		ThreadPoolTaskScheduler taskScheduler() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		ThreadPoolExecutor pool() {
			return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Bean
		ScheduledThreadPoolExecutor scheduledPool() {
			return new ScheduledThreadPoolExecutor(1);
		}

		@Bean
		ForkJoinPool forkJoin() {
			return new ForkJoinPool(1);
		}

		@Bean
		SimpleAsyncTaskExecutor simple() {
			return new SimpleAsyncTaskExecutor();
		}

		@Bean
		ThreadPoolTaskExecutor subclass() {
			return new ThreadPoolTaskExecutor() {

				@Override
				public void afterPropertiesSet() throws BeansException {
					super.afterPropertiesSet();
				}

			};
		}

		@Bean
		ConcurrentTaskScheduler adapter(ScheduledThreadPoolExecutor scheduledPool) {
			return new ConcurrentTaskScheduler(scheduledPool);
		}

	}

}
