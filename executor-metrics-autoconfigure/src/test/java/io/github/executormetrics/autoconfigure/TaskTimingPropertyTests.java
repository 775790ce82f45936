// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorDescriptor.CauseDescriptor;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorSample;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the meters, the endpoint and the watch tell where only one task in many is timed.
 */
class TaskTimingPropertyTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withUserConfiguration(Executing.class)
		.withPropertyValues("executor-metrics.watch.interval=50ms", "executor-metrics.watch.window=500ms",
				"executor-metrics.watch.grace=0s");

	@Test
	void whenOneInSixteenIsTimedThenCountersAreExactAndTimersHoldSoMany() {
		this.runner.withPropertyValues("executor-metrics.tasks.timing=16").run((context) -> {
			ExecutorService pool = context.getBean("pool", ThreadPoolTaskExecutor.class).getThreadPoolExecutor();
			for (int i = 0; i < 8_000; i++) {
				pool.execute(() -> {
				});
			}
			for (int i = 0; i < 8_000; i++) {
				Runners.get(pool.submit((Callable<Integer>) () -> 1));
			}
			soon().until(() -> Runners.tasks(context, "pool").completed() == 16_000);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("executor.task.submitted").tag("name", "pool").functionCounter().count())
				.isEqualTo(16_000);
			long runs = meters.get("executor.task.run").tag("name", "pool").timer().count();
			// 1,000 expected, with a deviation of 18
			assertThat(runs).isBetween(880L, 1_120L);
			assertThat(meters.get("executor.task.wait").tag("name", "pool").timer().count()).isEqualTo(runs);
		});
	}

	@Test
	void whenAlmostNoneIsTimedThenAStallAndAStuckTaskAreFoundAndTheOldestIsKnown() {
		this.runner
			.withPropertyValues("executor-metrics.tasks.timing=1000000000", "executor-metrics.limits.stall=200ms",
					"executor-metrics.limits.stuck=400ms")
			.run((context) -> {
				Executor pool = context.getBean("pool", Executor.class);
				Hold.once(pool);
				try (Hold hold = Hold.on(pool)) {
					long before = System.nanoTime();
					pool.execute(() -> {
					});
					long queued = System.nanoTime();
					soon().untilAsserted(() -> assertThat(causes(context)).contains("STALLED", "STUCK"));
					ExecutorSample read = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("pool"))
						.reading();
					// of the task itself and not of a look
					assertThat(read.oldestNanos()).isBetween(read.nanos() - queued, read.nanos() - before);
					// by who was busy at each look
					soon().untilAsserted(() -> assertThat(utilization(context)).isEqualTo(1));
				}
				soon().untilAsserted(() -> assertThat(utilization(context)).isZero());
			});
	}

	@Test
	void whenAlmostNoneIsTimedThenADeadlockIsProven() {
		this.runner
			.withPropertyValues("executor-metrics.tasks.timing=1000000000", "executor-metrics.limits.stall=200ms")
			.run((context) -> {
				ThreadPoolTaskExecutor pool = context.getBean("pool", ThreadPoolTaskExecutor.class);
				Future<String> outer = pool.submit(() -> pool.submit(() -> "never").get());
				soon().untilAsserted(
						() -> assertThat(Runners.shown(context, "pool").causes()).first().satisfies((gravest) -> {
							assertThat(gravest.cause()).isEqualTo("DEADLOCKED");
							assertThat(gravest.detail()).isEqualTo("proven: pool -> pool");
						}));
				assertThat(context.getBean(MeterRegistry.class)
					.get("executor.task.wait")
					.tag("name", "pool")
					.timer()
					.count()).as("tasks that were timed").isZero();
				// else the context waits for it until its time is up
				outer.cancel(true);
			});
	}

	private static List<String> causes(BeanFactory context) {
		return Runners.shown(context, "pool").causes().stream().map(CauseDescriptor::cause).toList();
	}

	private static double utilization(BeanFactory context) {
		ExecutorDetailsDescriptor details = context.getBean(ExecutorsEndpoint.class).executor("pool");
		return Objects.requireNonNull(details).window().utilization();
	}

	private static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofSeconds(20));
	}

	@Configuration(proxyBeanMethods = false)
	static class Executing {

		@Bean
		ThreadPoolTaskExecutor pool() {
			ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
			pool.setCorePoolSize(1);
			return pool;
		}

	}

}
