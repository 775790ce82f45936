package io.github.executormetrics.autoconfigure;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Adapters over a pool that is a bean as well.
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

	// one pool under two names was decorated twice
	@Test
	void runWhenSamePoolIsTwoBeansThenCountedAtTheFirst() {
		Runners.with().withUserConfiguration(TwoNames.class).run((context) -> {
			assertThat(context.getBean("second")).isSameAs(context.getBean("first"));
			Runners.run(context.getBean("second", Executor.class), () -> "done");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "first").completed()).isEqualTo(1));
			assertThat(Runners.shown(context, "second").coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, "second").coverageReason()).contains("'first'");
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

}
