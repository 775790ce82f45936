// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardOldestPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.NamedTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application that runs a known number of tasks and pushes its metrics to a receiver.
 * <p>
 * On {@code orders}, two workers: 10 tasks one after the other, 3 of which fail; then 2
 * that are held while 2 others are cancelled behind them; then 2 that are held while 3
 * wait. On each of the others, one worker and a queue of one: a task that is held, one
 * that waits, and two for which there is no room.
 */
final class OtlpScenario implements AutoCloseable {

	static final int SUCCESSES = 7;

	static final int ERRORS = 3;

	static final int CANCELLED = 2;

	static final int WORKERS = 2;

	static final int QUEUED = 3;

	static final int CAPACITY = 10;

	static final int REFUSED = 2;

	static final int FORKED = 6;

	static final Duration WATCH_INTERVAL = Duration.ofMillis(100);

	/** The tasks that are held are held at least so long. */
	static final Duration HELD = Duration.ofSeconds(1);

	/** Less than that, and far more than all other tasks take. */
	static final Duration RUN_BUDGET = Duration.ofMillis(500);

	static final String FAILING_TASK = "failing";

	static final String HELD_TASK = "held";

	/** Of those without a name of their own: the class that declares them. */
	static final String UNNAMED_TASK = OtlpScenario.class.getName();

	private final OtlpReceiver receiver = new OtlpReceiver();

	private final ConfigurableApplicationContext context;

	OtlpScenario(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(Stream.concat(Arrays.stream(properties),
					Stream.of("spring.config.name=none", "spring.application.name=shop",
							"management.opentelemetry.resource-attributes[service.version]=1.2.3",
							"management.otlp.metrics.export.url=" + this.receiver.url(),
							"management.otlp.metrics.export.step=1s",
							"executor-metrics.watch.interval=" + WATCH_INTERVAL.toMillis() + "ms",
							"executor-metrics.watch.window=1s", "executor-metrics.watch.grace=1ms",
							"executor-metrics.watch.raise-after=1",
							// held tasks wait longer, all others far less
							"executor-metrics.limits.mean-wait=500ms", "executor-metrics.limits.stall=1h",
							"executor-metrics.tasks.sampling=1",
							"executor-metrics.executors.orders.budget.run=" + RUN_BUDGET.toMillis() + "ms",
							// less than any task takes
							"executor-metrics.executors.orders.budget.cpu=1ns",
							// what a task takes that neither blocks nor waits
							"executor-metrics.executors.orders.budget.polls=1"))
				.toArray(String[]::new))
			.run();
	}

	List<OtlpPayload> payloads() {
		return this.receiver.payloads();
	}

	/** Waits for a push with the given figures. */
	OtlpPayload await(Predicate<OtlpPayload> figures) {
		int from = payloads().size();
		return Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> payloads().stream().skip(from).filter(figures).findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	void runToTheEnd() throws Exception {
		ThreadPoolTaskExecutor orders = pool("orders");
		for (int i = 0; i < SUCCESSES; i++) {
			orders.submit(() -> {
			}).get();
		}
		for (int i = 0; i < ERRORS; i++) {
			Callable<Void> task = () -> {
				throw new IllegalStateException("no such order");
			};
			Future<?> failing = orders.submit(NamedTask.of(FAILING_TASK, task));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(failing::get);
		}
		try (Hold hold = hold(orders, WORKERS)) {
			for (int i = 0; i < CANCELLED; i++) {
				assertThat(orders.submit(() -> {
				}).cancel(false)).isTrue();
			}
		}
		awaitIdle(orders);
		ForkJoinPool forks = this.context.getBean("forks", ForkJoinPool.class);
		for (int i = 0; i < FORKED; i++) {
			// one by one: each is taken from the queue of who submits
			assertThat(forks.submit(() -> "done").join()).isEqualTo("done");
			assertThat(forks.awaitQuiescence(30, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(refused("aborting")).isEqualTo(REFUSED);
		assertThat(refused("discarding")).isZero();
		assertThat(refused("discardingOldest")).isZero();
		assertThat(refused("callerRunning")).isZero();
		assertThat(refused("custom")).isZero();
	}

	/** Holds all workers of {@code orders}, with tasks queued behind them. */
	Hold holdOrders() throws InterruptedException {
		ThreadPoolTaskExecutor orders = pool("orders");
		Hold hold = hold(orders, WORKERS);
		for (int i = 0; i < QUEUED; i++) {
			orders.execute(() -> {
			});
		}
		return hold;
	}

	private int refused(String name) throws InterruptedException {
		ThreadPoolTaskExecutor pool = pool(name);
		int refused = 0;
		try (Hold hold = hold(pool, 1)) {
			pool.execute(() -> {
			});
			for (int i = 0; i < REFUSED; i++) {
				try {
					pool.execute(() -> {
					});
				}
				catch (RejectedExecutionException ex) {
					refused++;
				}
			}
		}
		awaitIdle(pool);
		return refused;
	}

	private Hold hold(ThreadPoolTaskExecutor pool, int tasks) throws InterruptedException {
		CountDownLatch started = new CountDownLatch(tasks);
		CountDownLatch released = new CountDownLatch(1);
		for (int i = 0; i < tasks; i++) {
			Callable<Void> task = () -> {
				started.countDown();
				released.await();
				return null;
			};
			pool.submit(NamedTask.of(HELD_TASK, task));
		}
		started.await();
		return () -> {
			released.countDown();
			awaitIdle(pool);
		};
	}

	private void awaitIdle(ThreadPoolTaskExecutor pool) {
		Awaitility.await().until(() -> pool.getActiveCount() == 0 && pool.getThreadPoolExecutor().getQueue().isEmpty());
	}

	private ThreadPoolTaskExecutor pool(String name) {
		return this.context.getBean(name, ThreadPoolTaskExecutor.class);
	}

	/** Closes the application, and returns what it pushed last. */
	OtlpPayload closeApplication() {
		int before = payloads().size();
		this.context.close();
		assertThat(payloads()).hasSizeGreaterThan(before);
		return this.receiver.last();
	}

	@Override
	public void close() {
		this.context.close();
		this.receiver.close();
	}

	/** Tasks that are held until it is closed. */
	interface Hold extends AutoCloseable {

		@Override
		void close();

	}

	/**
	 * Not a configuration class: the sample's component scan would find it.
	 */
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ThreadPoolTaskExecutor orders() {
			return pool(WORKERS, CAPACITY, new AbortPolicy());
		}

		@Bean
		ForkJoinPool forks() {
			return new ForkJoinPool(1);
		}

		@Bean
		ThreadPoolTaskExecutor aborting() {
			return pool(1, 1, new AbortPolicy());
		}

		@Bean
		ThreadPoolTaskExecutor discarding() {
			return pool(1, 1, new DiscardPolicy());
		}

		@Bean
		ThreadPoolTaskExecutor discardingOldest() {
			return pool(1, 1, new DiscardOldestPolicy());
		}

		@Bean
		ThreadPoolTaskExecutor callerRunning() {
			return pool(1, 1, new CallerRunsPolicy());
		}

		@Bean
		ThreadPoolTaskExecutor custom() {
			return pool(1, 1, (task, pool) -> {
			});
		}

		private static ThreadPoolTaskExecutor pool(int workers, int queue, RejectedExecutionHandler handler) {
			ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
			pool.setCorePoolSize(workers);
			pool.setMaxPoolSize(workers);
			pool.setQueueCapacity(queue);
			pool.setRejectedExecutionHandler(handler);
			return pool;
		}

	}

}
