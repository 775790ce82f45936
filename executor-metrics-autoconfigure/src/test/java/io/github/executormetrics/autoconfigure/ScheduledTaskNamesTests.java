// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.support.PeriodicTrigger;
import org.springframework.scheduling.support.ScheduledMethodRunnable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Scheduled methods go by their name on every scheduler and for every kind of trigger.
 */
class ScheduledTaskNamesTests {

	private static final String JOBS = "ScheduledTaskNamesTests.Jobs.";

	@ParameterizedTest
	@ValueSource(classes = { Pool.class, Threads.class, Adapter.class, Service.class })
	void whenMethodIsScheduledThenItIsTheName(Class<?> scheduler) {
		Runners.with().withUserConfiguration(scheduler, Jobs.class, Registered.class).run((context) -> {
			await().untilAsserted(() -> assertThat(Runners.named(context, "taskScheduler")).containsOnlyKeys(
					JOBS + "atFixedRate", JOBS + "withFixedDelay", JOBS + "byCron", JOBS + "once", JOBS + "byTrigger"));
			assertThat(Runners.named(context, "taskScheduler").values())
				.allSatisfy((task) -> assertThat(task.started()).isPositive());
		});
	}

	@Test
	void whenSchedulerHandsOnToAnotherThenMethodIsTheNameThere() {
		Runners.with().withUserConfiguration(HandingOn.class, Jobs.class, Registered.class).run((context) -> {
			await()
				.untilAsserted(() -> assertThat(Runners.named(context, "pool")).containsOnlyKeys(JOBS + "atFixedRate",
						JOBS + "withFixedDelay", JOBS + "byCron", JOBS + "once", JOBS + "byTrigger"));
			assertThat(Runners.shown(context, "taskScheduler").coverageReason()).contains("counted at 'pool'");
		});
	}

	static class Jobs {

		@Scheduled(fixedRate = 10)
		void atFixedRate() {
		}

		@Scheduled(fixedDelay = 10)
		void withFixedDelay() {
		}

		@Scheduled(cron = "* * * * * *")
		void byCron() {
		}

		@Scheduled(initialDelay = 1)
		void once() {
		}

		void byTrigger() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Registered implements SchedulingConfigurer {

		private final Jobs jobs;

		Registered(Jobs jobs) {
			this.jobs = jobs;
		}

		@Override
		public void configureTasks(ScheduledTaskRegistrar registrar) {
			try {
				registrar.addTriggerTask(
						new ScheduledMethodRunnable(this.jobs, Jobs.class.getDeclaredMethod("byTrigger")),
						new PeriodicTrigger(Duration.ofMillis(10)));
			}
			catch (NoSuchMethodException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Pool {

		@Bean
		ThreadPoolTaskScheduler taskScheduler() {
			return new ThreadPoolTaskScheduler();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Threads {

		@Bean
		SimpleAsyncTaskScheduler taskScheduler() {
			return new SimpleAsyncTaskScheduler();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Adapter implements DisposableBean {

		private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(2);

		@Bean
		TaskScheduler taskScheduler() {
			return new ConcurrentTaskScheduler(this.pool);
		}

		@Override
		public void destroy() {
			this.pool.shutdownNow();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HandingOn {

		@Bean(defaultCandidate = false)
		ThreadPoolTaskScheduler pool() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		TaskScheduler taskScheduler(@Qualifier("pool") ThreadPoolTaskScheduler pool) {
			return new DelegatingTaskScheduler(pool);
		}

	}

	static class DelegatingTaskScheduler implements TaskScheduler {

		private final TaskScheduler delegate;

		DelegatingTaskScheduler(TaskScheduler delegate) {
			this.delegate = delegate;
		}

		@Override
		public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
			return this.delegate.schedule(task, trigger);
		}

		@Override
		public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
			return this.delegate.schedule(task, startTime);
		}

		@Override
		public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
			return this.delegate.scheduleAtFixedRate(task, startTime, period);
		}

		@Override
		public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
			return this.delegate.scheduleAtFixedRate(task, period);
		}

		@Override
		public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
			return this.delegate.scheduleWithFixedDelay(task, startTime, delay);
		}

		@Override
		public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
			return this.delegate.scheduleWithFixedDelay(task, delay);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Service {

		@Bean(destroyMethod = "shutdownNow")
		ScheduledExecutorService taskScheduler() {
			return Executors.newScheduledThreadPool(2);
		}

	}

}
