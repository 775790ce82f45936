// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a scrape, the endpoint and health never ask a pool, so that pools that hang
 * cannot make them slower.
 */
@Timeout(120)
class HungPoolsInScrapeTests {

	private static final int POOLS = 200;

	private final CountDownLatch release = new CountDownLatch(1);

	private final CountDownLatch shorter = new CountDownLatch(1);

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(AutoConfigurations.of(PrometheusMetricsExportAutoConfiguration.class))
		.withPropertyValues("executor-metrics.watch.interval=100ms", "executor-metrics.watch.grace=0s");

	@AfterEach
	void letGo() {
		this.shorter.countDown();
		this.release.countDown();
	}

	@Test
	void whenFortyOfTwoHundredHangThenNoneIsAskedByTheScrape() {
		List<Hung> pools = new ArrayList<>();
		ApplicationContextRunner application = this.runner;
		for (int i = 0; i < POOLS; i++) {
			Hung pool = new Hung((i % 10 == 0) ? this.release : this.shorter);
			pools.add(pool);
			application = application.withBean("pool" + i, Hung.class, () -> pool,
					(bean) -> bean.setDestroyMethodName(""));
		}
		application.run((context) -> {
			Ticks.await(context, 2);
			Set<String> before = series(context);
			List<Thread> closing = new ArrayList<>();
			for (int i = 0; i < POOLS; i += 5) {
				Thread thread = new Thread(pools.get(i)::shutdown, "closing-" + i);
				thread.start();
				closing.add(thread);
			}
			awaitUnanswered(context, 40);
			pools.forEach((pool) -> pool.askedBy.clear());
			Map<String, Instant> readAt = readAt(context);
			Ticks.await(context, 3);
			assertThat(series(context)).isEqualTo(before);
			context.getBean("executorsHealthIndicator", HealthIndicator.class).health();
			assertThat(pools).filteredOn((pool) -> !pool.askedBy.isEmpty())
				.hasSizeGreaterThanOrEqualTo(POOLS - 40)
				.allSatisfy((pool) -> assertThat(pool.askedBy).doesNotContain(Thread.currentThread()));
			// of the others each is read on
			assertThat(readAt(context).entrySet().stream().filter((read) -> {
				Instant earlier = readAt.get(read.getKey());
				return earlier != null && read.getValue().isAfter(earlier);
			})).hasSize(POOLS - 40);
			assertThat(waitingReaders()).isLessThanOrEqualTo(40);
			this.shorter.countDown();
			awaitUnanswered(context, 20);
			this.release.countDown();
			awaitUnanswered(context, 0);
			for (Thread thread : closing) {
				thread.join();
			}
		});
	}

	// Boot's own meters ask the pool at each scrape
	@Test
	void whenThoseOfBootsMetersAreOffThatTakeTheLockThenTheScrapeGoesOn() {
		CountDownLatch interrupted = new CountDownLatch(1);
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(1);
		executor.setThreadFactory((task) -> new Thread(task) {
			@Override
			public void interrupt() {
				// the pool interrupts idle workers under its lock
				interrupted.countDown();
				Hold.until(HungPoolsInScrapeTests.this.release);
			}
		});
		this.runner.withBean("mails", ThreadPoolTaskExecutor.class, () -> executor)
			.withPropertyValues("management.metrics.enable.executor.active=false",
					"management.metrics.enable.executor.completed=false",
					"management.metrics.enable.executor.pool.size=false")
			.run((context) -> {
				Runners.run(executor, () -> "done");
				// otherwise its worker is not idle, and is not interrupted
				Awaitility.await().until(() -> executor.getActiveCount() == 0);
				Thread shrinking = new Thread(() -> executor.setCorePoolSize(0), "shrinking");
				shrinking.start();
				try {
					Hold.await(interrupted);
					awaitUnanswered(context, 1);
					assertThat(series(context)).anyMatch((series) -> series.startsWith("executor_worker_busy"))
						.anyMatch((series) -> series.startsWith("executor_pool_max"));
				}
				finally {
					// otherwise the context would not close
					this.release.countDown();
				}
				shrinking.join();
			});
	}

	private static void awaitUnanswered(BeanFactory context, int executors) {
		Awaitility.await()
			.until(() -> executors(context).values().stream().filter((each) -> each.unanswered() != null).count(),
					(unanswered) -> unanswered == executors);
	}

	private static Map<String, ExecutorDescriptor> executors(BeanFactory context) {
		return context.getBean(ExecutorsEndpoint.class).executors().executors();
	}

	private static Map<String, Instant> readAt(BeanFactory context) {
		return executors(context).entrySet()
			.stream()
			.filter((each) -> each.getValue().readAt() != null)
			.collect(Collectors.toMap(Map.Entry::getKey, (each) -> each.getValue().readAt()));
	}

	private static Set<String> series(BeanFactory context) {
		return context.getBean(PrometheusMeterRegistry.class)
			.scrape()
			.lines()
			.filter((line) -> line.startsWith("executor_"))
			.map((line) -> line.substring(0, line.lastIndexOf(' ')))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static long waitingReaders() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().equals("executor-metrics-reader"))
			.filter((thread) -> Stream.of(thread.getValue())
				.anyMatch((frame) -> frame.getMethodName().equals("getActiveCount")))
			.count();
	}

	/** Its lock is held from its shutdown on. */
	private static final class Hung extends ThreadPoolExecutor {

		private final Set<Thread> askedBy = ConcurrentHashMap.newKeySet();

		private final CountDownLatch until;

		private Hung(CountDownLatch until) {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
			this.until = until;
		}

		@Override
		protected void terminated() {
			Hold.until(this.until);
		}

		@Override
		public int getActiveCount() {
			this.askedBy.add(Thread.currentThread());
			return super.getActiveCount();
		}

		@Override
		public int getPoolSize() {
			this.askedBy.add(Thread.currentThread());
			return super.getPoolSize();
		}

		@Override
		public long getCompletedTaskCount() {
			this.askedBy.add(Thread.currentThread());
			return super.getCompletedTaskCount();
		}

	}

}
