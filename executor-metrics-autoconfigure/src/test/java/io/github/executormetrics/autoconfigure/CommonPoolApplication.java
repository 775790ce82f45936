// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs in a process of its own, whose common pool has two workers: one that computes
 * raises nothing, one whose tasks block stalls. Ends with an error where that fails.
 */
public final class CommonPoolApplication {

	private CommonPoolApplication() {
	}

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
			.web(WebApplicationType.NONE)
			.properties("spring.config.name=none", "executor-metrics.watch.interval=50ms",
					"executor-metrics.watch.window=500ms", "executor-metrics.watch.grace=0s",
					"executor-metrics.watch.raise-after=2", "executor-metrics.watch.clear-after=2",
					"executor-metrics.limits.stall=500ms", "executor-metrics.limits.mean-wait=1h",
					"management.endpoint.health.show-details=always")
			.run()) {
			assertThat(ForkJoinPool.getCommonPoolParallelism()).isEqualTo(2);
			compute(context.getBean(ExecutorWatch.class));
			assertThat(health(context).getStatus().getCode()).isEqualTo("UP");
			block(context);
		}
	}

	private static void compute(ExecutorWatch watch) {
		long until = watch.ticks() + 40;
		assertThat(IntStream.range(0, 1 << 14).parallel().map((i) -> {
			while (i % 64 == 0 && watch.ticks() < until) {
				Thread.onSpinWait();
			}
			return 1;
		}).sum()).isEqualTo(1 << 14);
	}

	private static void block(ConfigurableApplicationContext context) {
		CountDownLatch release = new CountDownLatch(1);
		CompletableFuture<?>[] futures = IntStream.range(0, 5)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> await(release)))
			.toArray(CompletableFuture<?>[]::new);
		Awaitility.await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
			assertThat(health(context).getStatus().getCode()).isEqualTo("STARVED");
			assertThat(health(context).getDetails().get("starving")).asString()
				.contains("commonPool")
				.contains("STALLED");
		});
		release.countDown();
		CompletableFuture.allOf(futures).join();
		Awaitility.await()
			.atMost(30, TimeUnit.SECONDS)
			.untilAsserted(() -> assertThat(health(context).getStatus().getCode()).isEqualTo("UP"));
	}

	private static boolean await(CountDownLatch release) {
		try {
			return release.await(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static IndicatedHealthDescriptor health(ConfigurableApplicationContext context) {
		return (IndicatedHealthDescriptor) Objects
			.requireNonNull(context.getBean(HealthEndpoint.class).healthForPath("executors"));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, CommonPoolAutoConfiguration.class,
			ExecutorsHealthAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
			HealthEndpointAutoConfiguration.class })
	static class App {

	}

}
