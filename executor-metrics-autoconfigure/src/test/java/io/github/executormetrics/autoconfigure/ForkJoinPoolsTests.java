// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ForkJoinFigures;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that are fork/join pools, watched.
 */
@Tag("live")
class ForkJoinPoolsTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withUserConfiguration(Pools.class)
		.withPropertyValues("executor-metrics.watch.interval=20ms", "executor-metrics.watch.window=200ms",
				"executor-metrics.watch.grace=0s", "executor-metrics.watch.raise-after=1",
				"executor-metrics.watch.clear-after=1000", "executor-metrics.limits.stall=100ms",
				"executor-metrics.limits.mean-wait=1h", "management.endpoint.health.show-details=always");

	// nobody counted what such a pool starts, and it stalled unseen
	@Test
	void whenTasksBlockThenThePoolIsNamed() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean("forks", ForkJoinPool.class);
			CountDownLatch release = new CountDownLatch(1);
			for (int i = 0; i < 3; i++) {
				pool.execute(() -> Hold.until(release));
			}
			Awaitility.await()
				.atMost(20, TimeUnit.SECONDS)
				.untilAsserted(() -> assertThat(Runners.shown(context, "forks").verdict()).isEqualTo("STALLED"));
			IndicatedHealthDescriptor health = (IndicatedHealthDescriptor) Objects
				.requireNonNull(context.getBean(HealthEndpoint.class).healthForPath("executors"));
			assertThat(health.getStatus().getCode()).isEqualTo("STARVED");
			assertThat(health.getDetails().get("starving")).asString().contains("forks").contains("STALLED");
			release.countDown();
		});
	}

	// what workers fork and run themselves was taken for a backlog that nobody starts
	@Test
	void whenWorkersMerelyComputeThenNothingIsRaised() {
		this.runner.run((context) -> {
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			for (String name : new String[] { "forks", "service" }) {
				ForkJoinPool pool = (ForkJoinPool) context.getBean(Raw.class).pools.get(name);
				long until = watch.ticks() + 50;
				assertThat(pool.invoke(new Forking(12, () -> watch.ticks() >= until))).isPositive();
				assertThat(incidents(context, name)).isEmpty();
			}
		});
	}

	private static Map<String, Long> incidents(BeanFactory context, String name) {
		Map<String, Long> incidents = Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(name))
			.incidents();
		return incidents.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() > 0)
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	// what the pool tells beyond workers and queue was nowhere to be seen
	@Test
	void whenAskedForOneThenShowsWhatThePoolTells() {
		this.runner.run((context) -> {
			assertThat(forkJoin(context, "forks")).isEqualTo(new ForkJoinFigures(2, 0, 0, 0, 0, 0, 0, false));
			ExecutorService service = context.getBean("service", ExecutorService.class);
			assertThat(Runners.get(service.submit(() -> "done"))).isEqualTo("done");
			Awaitility.await()
				.untilAsserted(() -> assertThat(forkJoin(context, "service")).isNotNull()
					.extracting(ForkJoinFigures::steals)
					.isEqualTo(1L));
			assertThat(forkJoin(context, "plain")).isNull();
		});
	}

	private static @Nullable ForkJoinFigures forkJoin(BeanFactory context, String name) {
		return Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(name)).forkJoin();
	}

	// a counter that starts anew looks like a restart
	@Test
	void whenTasksAreTakenThenCountsThemAndNeverFewer() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean("forks", ForkJoinPool.class);
			for (int i = 0; i < 4; i++) {
				pool.submit(() -> "done").join();
				assertThat(pool.awaitQuiescence(20, TimeUnit.SECONDS)).isTrue();
			}
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Awaitility.await().untilAsserted(() -> assertThat(steals(registry, "forks")).isEqualTo(4));
			MonitoredExecutor entry = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("forks"));
			pool.shutdown();
			Awaitility.await().until(() -> entry.forkJoin() == null);
			assertThat(steals(registry, "forks")).isEqualTo(4);
			assertThat(registry.find("executor.worker.steals").tag("name", "plain").meters()).isEmpty();
		});
	}

	private static double steals(MeterRegistry registry, String name) {
		return registry.get("executor.worker.steals").tag("name", name).functionCounter().count();
	}

	/**
	 * Forks into two as often as the depth says, and computes in between.
	 */
	private static final class Forking extends RecursiveTask<Integer> {

		private static final long serialVersionUID = 1;

		private final int depth;

		private final transient BooleanSupplier end;

		Forking(int depth, BooleanSupplier end) {
			this.depth = depth;
			this.end = end;
		}

		@Override
		protected Integer compute() {
			if (this.depth == 0) {
				return 1;
			}
			Forking left = new Forking(this.depth - 1, this.end);
			Forking right = new Forking(this.depth - 1, this.end);
			right.fork();
			int sum = left.compute();
			while (this.depth == 1 && !this.end.getAsBoolean()) {
				Thread.onSpinWait();
			}
			return sum + right.join();
		}

	}

	static final class Raw {

		final Map<String, ExecutorService> pools = Map.of("forks", new ForkJoinPool(2), "service", new ForkJoinPool(2));

	}

	@Configuration(proxyBeanMethods = false)
	static class Pools {

		@Bean
		Raw raw() {
			return new Raw();
		}

		@Bean(destroyMethod = "shutdownNow")
		ForkJoinPool forks(Raw raw) {
			return (ForkJoinPool) raw.pools.get("forks");
		}

		@Bean(destroyMethod = "shutdownNow")
		ExecutorService service(Raw raw) {
			return raw.pools.get("service");
		}

		@Bean
		Executor plain() {
			return Runnable::run;
		}

	}

}
