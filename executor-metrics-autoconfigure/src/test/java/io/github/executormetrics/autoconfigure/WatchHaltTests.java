// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.IncidentListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A watch that makes no progress, since a listener of its own does not return.
 */
class WatchHaltTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=20ms", "executor-metrics.watch.grace=0s",
				"executor-metrics.watch.raise-after=1", "executor-metrics.limits.stall=20ms")
		.withBean("other", ThreadPoolExecutor.class,
				() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));

	@Test
	void whenAListenerDoesNotReturnThenHealthIsNotUpUntilItDoes() {
		this.runner.run((context) -> {
			CountDownLatch release = new CountDownLatch(1);
			context.getBean(ExecutorWatch.class).onIncident(new Waiting(release));
			ThreadPoolExecutor other = context.getBean("other", ThreadPoolExecutor.class);
			try (Hold hold = Hold.on(other)) {
				other.execute(() -> {
				});
				await().untilAsserted(() -> assertHalted(health(context), "no tick has ended for"));
			}
			release.countDown();
			await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
		});
	}

	private static void assertHalted(Health health, String words) {
		assertThat(health.getStatus()).isEqualTo(new Status("STARVED"));
		assertThat(health.getDetails()).hasEntrySatisfying("watch",
				(told) -> assertThat(told).asString()
					.contains(words)
					.contains("the verdicts are those of the last tick"));
	}

	private static Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean("executorsHealthIndicator", HealthIndicator.class).health());
	}

	private static final class Waiting implements IncidentListener {

		private final CountDownLatch release;

		private Waiting(CountDownLatch release) {
			this.release = release;
		}

		@Override
		public void raised(StarvationIncident incident, MonitoredExecutor executor) {
			Hold.until(this.release);
		}

		@Override
		public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
		}

	}

}
