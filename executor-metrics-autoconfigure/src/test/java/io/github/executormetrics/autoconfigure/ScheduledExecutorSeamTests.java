// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.actuate.ExecutorsEndpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The executor that Spring makes for {@code @Scheduled} methods where it finds no
 * scheduler is no bean, and metered all the same.
 */
class ScheduledExecutorSeamTests {

	private static final String JOB = "ScheduledExecutorSeamTests.Jobs.";

	private final ApplicationContextRunner runner = Runners.with().withUserConfiguration(Scheduling.class);

	// row "the executor that Spring makes for @Scheduled where it finds no scheduler":
	// not
	// seen at all
	@Test
	void whenThereIsNoSchedulerThenTheOneOfSpringsIsMetered() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		this.runner.run((context) -> {
			await().untilAsserted(() -> assertThat(Runners.named(context, "scheduledDefault"))
				.containsOnlyKeys(JOB + "atFixedRate", JOB + "withFixedDelay", JOB + "byCron"));
			assertThat(Runners.shown(context, "scheduledDefault").coverage()).isEqualTo("tasks");
			assertThat(context.getBeanNamesForType(TaskScheduler.class)).isEmpty();
			assertThat(context.getBeanNamesForType(ScheduledExecutorService.class)).isEmpty();
			thread.set(context.getBean(Jobs.class).thread);
		});
		// and Spring shuts it down, as before
		await().until(() -> !thread.get().isAlive());
	}

	// several schedulers, none of them named taskScheduler
	@Test
	void whenNoneOfSeveralSchedulersIsTheDefaultThenTheOneOfSpringsIsMetered() {
		this.runner.withBean("first", ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new)
			.withBean("second", ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new)
			.run((context) -> await()
				.untilAsserted(() -> assertThat(Runners.tasks(context, "scheduledDefault").completed()).isPositive()));
	}

	@Test
	void whenThereIsASchedulerThenItRunsTheTasksAndThereIsNoOther() {
		this.runner.withBean("mine", ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new).run((context) -> {
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "mine").completed()).isPositive());
			assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors()).containsOnlyKeys("mine");
		});
	}

	@Test
	void whenThereIsAScheduledExecutorServiceThenItRunsTheTasksAndThereIsNoOther() {
		this.runner
			.withBean("service", ScheduledExecutorService.class, () -> Executors.newSingleThreadScheduledExecutor())
			.run((context) -> {
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "service").completed()).isPositive());
				assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors())
					.containsOnlyKeys("service");
			});
	}

	@Test
	void whenAConfigurerSetsASchedulerThenItStays() {
		this.runner.withUserConfiguration(Configured.class).run((context) -> {
			await().until(() -> context.getBean(Jobs.class).thread != null);
			assertThat(context.getBean(Jobs.class).thread.getName()).startsWith("configured-");
			assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors()).containsOnlyKeys("users");
		});
	}

	@Test
	void whenItIsSwitchedOffThenTheTasksRunUnmetered() {
		this.runner.withPropertyValues("executor-metrics.executors.scheduledDefault.enabled=false").run((context) -> {
			await().until(() -> context.getBean(Jobs.class).thread != null);
			assertThat(Runners.shown(context, "scheduledDefault").coverage()).isEqualTo("none");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean(defaultCandidate = false)
		ThreadPoolTaskScheduler users() {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setThreadNamePrefix("configured-");
			return scheduler;
		}

		@Bean
		SchedulingConfigurer configurer(@Qualifier("users") ThreadPoolTaskScheduler users) {
			return (registrar) -> registrar.setTaskScheduler(users);
		}

	}

	static class Jobs {

		private volatile Thread thread;

		@Scheduled(fixedRate = 10)
		void atFixedRate() {
			this.thread = Thread.currentThread();
		}

		@Scheduled(fixedDelay = 10)
		void withFixedDelay() {
		}

		@Scheduled(cron = "* * * * * *")
		void byCron() {
		}

	}

}
