// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.ExecutorsHealthIndicator.VerdictDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The verdict on executors of which nothing is seen, and on those that only pass their
 * tasks on.
 */
class UnknownVerdictTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=100ms", "executor-metrics.watch.grace=0s",
				"executor-metrics.watch.raise-after=1", "executor-metrics.limits.mean-wait=20ms");

	// what nobody looked into was HEALTHY
	@Test
	void whenNothingIsSeenOfAnExecutorThenUnknown() {
		this.runner.withPropertyValues("executor-metrics.exclude=excluded")
			.withBean("excluded", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.withBean("closed", Closed.class, Closed::new)
			.withBean("seen", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				assertVerdict(context, "excluded", "none", "UNKNOWN");
				assertVerdict(context, "closed", "none", "UNKNOWN");
				assertVerdict(context, "seen", "tasks", "HEALTHY");
				assertThat(Runners.shown(context, "closed").countedAt()).isNull();
			});
	}

	// the details of one executor said something else than the list
	@Test
	void whenNothingIsSeenThenItsDetailsSayUnknown() {
		this.runner.withBean("closed", Closed.class, Closed::new).run((context) -> {
			ExecutorDetailsDescriptor closed = context.getBean(ExecutorsEndpoint.class).executor("closed");
			assertThat(closed).isNotNull();
			assertThat(closed.executor().verdict()).isEqualTo("UNKNOWN");
		});
	}

	// health counted it among those that are well
	@Test
	void whenNothingIsSeenThenHealthNamesItAndIsUp() {
		this.runner.withBean("closed", Closed.class, Closed::new)
			.withBean("seen", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				IndicatedHealthDescriptor health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.UP);
				assertThat(details(health, "unknown")).containsOnlyKeys("closed");
				VerdictDescriptor closed = details(health, "unknown").get("closed");
				assertThat(closed.verdict()).isEqualTo("UNKNOWN");
				assertThat(closed.coverageReason()).contains("final");
				assertThat(closed.causes()).isEmpty();
			});
	}

	// who was told of something unknown where all is known looked for it
	@Test
	void whenAllIsSeenThenHealthHasNothingUnknown() {
		this.runner.withUserConfiguration(Adapters.class)
			.run((context) -> assertThat(health(context).getDetails()).doesNotContainKey("unknown"));
	}

	// an alert on starvation fired for what nobody looks into
	@Test
	void whenNothingIsSeenThenNotStarved() {
		this.runner.withBean("closed", Closed.class, Closed::new)
			.run((context) -> assertThat(
					context.getBean(MeterRegistry.class).find("executor.starved").tag("name", "closed").gauges())
				.extracting(Gauge::value)
				.allSatisfy((starved) -> assertThat(starved).isZero()));
	}

	// an adapter was UNKNOWN, though its tasks are counted, and alarmed people
	@Test
	void whenTasksAreCountedElsewhereThenVerdictIsThatOfTheOther() {
		this.runner.withUserConfiguration(Adapters.class).run((context) -> {
			assertVerdict(context, "adapter", "none", "HEALTHY");
			assertThat(Runners.shown(context, "adapter").countedAt()).isEqualTo("pool");
			CountDownLatch release = hold(context.getBean("adapter", Executor.class));
			await().untilAsserted(() -> assertThat(Runners.shown(context, "pool").verdict()).isNotEqualTo("HEALTHY"));
			assertThat(Runners.shown(context, "adapter").verdict()).isEqualTo(Runners.shown(context, "pool").verdict());
			assertThat(details(health(context), "starving")).containsOnlyKeys("pool");
			release.countDown();
		});
	}

	// the way to the executor that counts was followed for one step only
	@Test
	void whenAnAdapterStandsOverAnAdapterThenVerdictIsThatOfThePool() {
		this.runner.withUserConfiguration(Adapters.class)
			.run((context) -> assertVerdict(context, "outer", "none", "HEALTHY"));
	}

	// an adapter over what nobody sees into was HEALTHY
	@Test
	void whenNothingIsSeenOfTheOtherEitherThenUnknown() {
		Closed closed = new Closed();
		this.runner.withBean("first", Closed.class, () -> closed)
			.withBean("second", Closed.class, () -> closed)
			.run((context) -> {
				assertThat(Runners.shown(context, "second").countedAt()).isEqualTo("first");
				assertVerdict(context, "first", "none", "UNKNOWN");
				assertVerdict(context, "second", "none", "UNKNOWN");
				assertThat(details(health(context), "unknown")).containsOnlyKeys("first", "second");
			});
	}

	private static CountDownLatch hold(Executor executor) {
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < 3; i++) {
			executor.execute(() -> {
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
		return release;
	}

	private static void assertVerdict(BeanFactory context, String name, String coverage, String verdict) {
		ExecutorDescriptor shown = Runners.shown(context, name);
		assertThat(shown.coverage()).as(name).isEqualTo(coverage);
		assertThat(shown.verdict()).as(name).isEqualTo(verdict);
	}

	private static IndicatedHealthDescriptor health(BeanFactory context) {
		return (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class).healthForPath("executors");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, VerdictDescriptor> details(IndicatedHealthDescriptor health, String key) {
		return (Map<String, VerdictDescriptor>) health.getDetails().get(key);
	}

	@Configuration(proxyBeanMethods = false)
	static class Adapters {

		@Bean
		ThreadPoolTaskExecutor pool() {
			ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
			pool.setCorePoolSize(1);
			return pool;
		}

		@Bean
		ConcurrentTaskExecutor adapter(@Qualifier("pool") Executor pool) {
			return new ConcurrentTaskExecutor(pool);
		}

		@Bean
		TaskExecutorAdapter outer(@Qualifier("adapter") Executor adapter) {
			return new TaskExecutorAdapter(adapter);
		}

	}

	/**
	 * Has more than the interface of an executor, and no class can stand for it.
	 */
	static final class Closed implements Executor, AutoCloseable {

		private final Executor delegate = Executors.newCachedThreadPool();

		@Override
		public void execute(Runnable task) {
			this.delegate.execute(task);
		}

		@Override
		public void close() {
		}

	}

}
