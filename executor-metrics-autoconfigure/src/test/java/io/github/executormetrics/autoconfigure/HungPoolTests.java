// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.cumulative.CumulativeDistributionSummary;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.NamedTask;
import io.github.executormetrics.actuate.ExecutorDescriptor.UnansweredDescriptor;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.ExecutorsHealthIndicator.VerdictDescriptor;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with a pool whose lock is held for good. Row: the watch, the endpoint
 * and the scrape hung, and health said UP.
 */
@Timeout(60)
class HungPoolTests {

	private final CountDownLatch release = new CountDownLatch(1);

	private final Hung hung = new Hung();

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=20ms", "executor-metrics.watch.grace=0s",
				"executor-metrics.watch.raise-after=1", "executor-metrics.limits.stall=20ms")
		.withBean("hung", Hung.class, () -> this.hung, (bean) -> bean.setDestroyMethodName(""))
		.withBean("other", ThreadPoolExecutor.class,
				() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));

	@Test
	void whenItsLockIsHeldThenItIsUnknownAndAllElseGoesOnUntilItIsFree() {
		this.runner.run((context) -> {
			Ticks.await(context, 2);
			Thread closing = new Thread(this.hung::shutdown, "closing");
			closing.start();
			Awaitility.await().until(() -> "UNKNOWN".equals(Runners.shown(context, "hung").verdict()));
			Ticks.await(context, 5);
			assertThat(Runners.shown(context, "other").verdict()).isEqualTo("HEALTHY");
			UnansweredDescriptor unanswered = Objects.requireNonNull(details(context).executor().unanswered());
			assertThat(unanswered.since()).isNotNull();
			assertThat(unanswered.reason()).isEqualTo("a lock that is needed to read the executor is held");
			assertThat(unanswered.frame()).isEqualTo("ThreadPoolExecutor.getActiveCount");
			assertThat(unanswered.holder()).isEqualTo("closing");
			assertThat(unanswered.holderFrame()).isEqualTo("HungPoolTests$Hung.terminated, in CountDownLatch.await");
			assertThat(values(context.getBean(MeterRegistry.class))).containsKey("hung executor.worker.busy");
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(unknown(health)).containsOnlyKeys("hung");
			assertThat(health.toString()).contains("a lock that is needed to read the executor is held")
				.doesNotContain("closing", "getActiveCount", "terminated");
			whenAnotherStarvesThenThatIsTold(context);
			this.release.countDown();
			closing.join();
			Awaitility.await()
				.until(() -> !context.getBean(ExecutorsEndpoint.class).executors().executors().containsKey("hung")
						|| Runners.shown(context, "hung").unanswered() == null);
		});
	}

	private static ExecutorDetailsDescriptor details(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor("hung"));
	}

	private static void whenAnotherStarvesThenThatIsTold(ApplicationContext context) {
		ThreadPoolExecutor other = context.getBean("other", ThreadPoolExecutor.class);
		try (Hold hold = Hold.on(other)) {
			other.execute(() -> {
			});
			Awaitility.await().until(() -> health(context).getStatus().equals(new Status("STARVED")));
			assertThat(health(context).getDetails()).doesNotContainKey("watch");
		}
		Awaitility.await().until(() -> health(context).getStatus().equals(Status.UP));
	}

	@Test
	void whenStacksAreNotShownThenNeitherFrameNorThreadIs() {
		this.runner.withPropertyValues("management.endpoint.executors.show-stacks=never").run((context) -> {
			Ticks.await(context, 2);
			Thread closing = new Thread(this.hung::shutdown, "closing");
			closing.start();
			Awaitility.await().until(() -> Runners.shown(context, "hung").unanswered() != null);
			assertThat(details(context).toString()).contains("a lock that is needed to read the executor is held")
				.doesNotContain("closing", "getActiveCount", "terminated");
			this.release.countDown();
			closing.join();
		});
	}

	@Test
	void whenAMeterRegistryHangsThenTheWatchGoesOn() {
		Reluctant registry = new Reluctant(this.release);
		this.runner.withBean(MeterRegistry.class, () -> registry).run((context) -> {
			Ticks.await(context, 2);
			registry.hangs = true;
			Ticks.await(context, 20);
			whenAnotherStarvesThenThatIsTold(context);
			this.release.countDown();
		});
	}

	// the lock of all executors was held meanwhile, and by the close, too
	@Test
	void whenAMeterFilterHangsThenExecutorsComeAndTheContextCloses() {
		HangingFilter filter = new HangingFilter("late", this.release);
		withFilter(filter, (context) -> {
			ExecutorRegistry executors = context.getBean(ExecutorRegistry.class);
			Thread first = add(executors, "late");
			Hold.await(filter.entered);
			join(add(executors, "later"));
			assertThat(executors.find("later")).isNotNull();
			Ticks.await(context, 3);
			Thread removing = new Thread(() -> executors.remove("other", ExecutorOrigin.BEAN));
			removing.start();
			join(removing);
			close(context);
			assertThat(first.isAlive()).isTrue();
		});
	}

	@Test
	void whenAMeterFilterHangsForATaskOfANewNameThenTheContextCloses() {
		HangingFilter filter = new HangingFilter("confirm", this.release);
		withFilter(filter, (context) -> {
			context.getBean("other", ThreadPoolExecutor.class).execute(NamedTask.of("confirm", () -> {
			}));
			Hold.await(filter.entered);
			close(context);
		});
	}

	private void withFilter(HangingFilter filter, Body body) {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(filter);
		this.runner.withBean(MeterRegistry.class, () -> registry).run((context) -> {
			try {
				body.run(context.getSourceApplicationContext());
			}
			finally {
				// else a close that hangs would end no test
				this.release.countDown();
			}
			Awaitility.await().until(() -> registry.find("executor.worker.busy").meters().isEmpty());
		});
	}

	private static Thread add(ExecutorRegistry executors, String name) {
		Thread thread = new Thread(
				() -> executors.add(executors.obtain(name, Object.class, 1, ExecutorOrigin.PROGRAMMATIC)));
		thread.start();
		return thread;
	}

	private static void close(ConfigurableApplicationContext context) throws InterruptedException {
		Thread closing = new Thread(context::close);
		closing.start();
		join(closing);
	}

	private static void join(Thread thread) throws InterruptedException {
		thread.join(TimeUnit.SECONDS.toMillis(15));
		assertThat(thread.isAlive()).isFalse();
	}

	private static Map<String, Double> values(MeterRegistry registry) {
		Map<String, Double> values = new TreeMap<>();
		for (Meter meter : registry.getMeters()) {
			meter.measure()
				.forEach((value) -> values.put(meter.getId().getTag("name") + " " + meter.getId().getName(),
						value.getValue()));
		}
		return values;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, VerdictDescriptor> unknown(Health health) {
		return (Map<String, VerdictDescriptor>) Objects.requireNonNull(health.getDetails().get("unknown"));
	}

	private static Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean("executorsHealthIndicator", HealthIndicator.class).health());
	}

	@FunctionalInterface
	private interface Body {

		void run(ConfigurableApplicationContext context) throws Exception;

	}

	private final class Hung extends ThreadPoolExecutor {

		private Hung() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		protected void terminated() {
			try {
				HungPoolTests.this.release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	/**
	 * Does not return for a meter with a tag of that value. Micrometer asks it without a
	 * lock: whoever hangs in a registry itself hangs Micrometer's close, too.
	 */
	private static final class HangingFilter implements MeterFilter {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final String value;

		private final CountDownLatch release;

		private HangingFilter(String value, CountDownLatch release) {
			this.value = value;
			this.release = release;
		}

		@Override
		public Meter.Id map(Meter.Id id) {
			if (id.getTags().stream().anyMatch((tag) -> tag.getValue().equals(this.value))) {
				this.entered.countDown();
				Hold.until(this.release);
			}
			return id;
		}

	}

	/** Does not return from recording how deep a queue is. */
	private static final class Reluctant extends SimpleMeterRegistry {

		private final CountDownLatch release;

		private volatile boolean hangs;

		private Reluctant(CountDownLatch release) {
			this.release = release;
		}

		@Override
		protected DistributionSummary newDistributionSummary(Meter.Id id, DistributionStatisticConfig config,
				double scale) {
			return new CumulativeDistributionSummary(id, this.clock, config, scale, false) {
				@Override
				protected void recordNonNegative(double amount) {
					if (Reluctant.this.hangs) {
						Hold.until(Reluctant.this.release);
					}
				}
			};
		}

	}

}
