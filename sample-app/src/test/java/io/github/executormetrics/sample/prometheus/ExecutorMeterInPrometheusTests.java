// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.prometheus;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardOldestPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import tools.jackson.databind.JsonNode;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.meters.ExecutorMeter;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a real Prometheus answers, for every meter, what was really run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecutorMeterInPrometheusTests {

	private static final int SUCCESSES = 7;

	private static final int ERRORS = 4;

	private static final int CANCELLED = 2;

	private static final int REJECTED = 6;

	private static final int WORKERS = 2;

	private static final int QUEUE = 3;

	private static final int SUBMITTED = SUCCESSES + ERRORS + WORKERS + QUEUE;

	private static final int SUCCEEDED = SUBMITTED - ERRORS - CANCELLED;

	private static final int STARTED = SUCCEEDED + ERRORS;

	/** Those without a name of their own go by the class that declares them. */
	private static final int UNNAMED = SUCCEEDED - WORKERS;

	private static final String UNNAMED_TASK = ExecutorMeterInPrometheusTests.class.getName();

	private static final int FORKED = 6;

	private static final Duration AT_MOST = Duration.ofSeconds(30);

	private ConfigurableApplicationContext application;

	private PrometheusServer prometheus;

	private Instant held;

	private Instant rest;

	private double heldSeconds;

	private double elapsedSeconds;

	private long ticks;

	@BeforeAll
	void runTasks(@TempDir Path directory) throws Exception {
		Tool.required("prometheus");
		this.application = SpringApplication.run(KnownApplication.class, "--spring.config.name=none", "--server.port=0",
				"--management.endpoints.web.exposure.include=prometheus", "--executor-metrics.watch.interval=100ms",
				"--executor-metrics.watch.window=1s", "--executor-metrics.watch.grace=1ms",
				// once raised, a cause stands: each is counted once
				"--executor-metrics.watch.raise-after=1", "--executor-metrics.watch.clear-after=10000",
				"--executor-metrics.executors.known.limits.active=4",
				"--executor-metrics.executors.known.limits.stall=1s", "--executor-metrics.tasks.sampling=1",
				// less than those that are held take, far more than the others do
				"--executor-metrics.executors.known.budget.run=2s",
				// less than any task takes
				"--executor-metrics.executors.known.budget.cpu=1ns",
				// what a task takes that neither blocks nor waits
				"--executor-metrics.executors.known.budget.polls=1");
		this.prometheus = new PrometheusServer(directory,
				this.application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
		fork();
		refuse("discarded", "discarded-oldest", "caller-runs", "custom");
		long start = System.nanoTime();
		ThreadPoolTaskExecutor known = executor("known");
		for (int i = 0; i < SUCCESSES; i++) {
			assertThat(known.submit(() -> {
			})).succeedsWithin(AT_MOST);
		}
		Callable<Void> failing = NamedTask.of("failing", () -> {
			throw new IllegalStateException("expected");
		});
		for (int i = 0; i < ERRORS; i++) {
			assertThat(known.submit(failing)).failsWithin(AT_MOST);
		}
		hold(known);
		awaitIdle(known);
		this.elapsedSeconds = secondsSince(start);
		Awaitility.await().atMost(AT_MOST).until(() -> ask("executor_utilization{name='known'} == 0"));
		ExecutorWatch watch = this.application.getBean(ExecutorWatch.class);
		watch.stop();
		// a look may have been under way
		this.prometheus.awaitScrape();
		this.rest = this.prometheus.awaitScrape();
		this.ticks = watch.ticks();
	}

	private void hold(ThreadPoolTaskExecutor known) throws InterruptedException {
		CountDownLatch release = new CountDownLatch(1);
		try {
			CountDownLatch running = new CountDownLatch(WORKERS);
			for (int i = 0; i < WORKERS; i++) {
				known.execute(NamedTask.of("held", () -> {
					running.countDown();
					await(release);
				}));
			}
			running.await();
			List<? extends Future<?>> queued = IntStream.range(0, QUEUE).mapToObj((i) -> known.submit(() -> {
			})).toList();
			long start = System.nanoTime();
			for (int i = 0; i < REJECTED; i++) {
				assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> known.execute(() -> {
				}));
			}
			Awaitility.await()
				.atMost(AT_MOST)
				.until(() -> ask("executor_utilization{name='known'} > 0.99")
						&& ask("sum(executor_starvation_incidents_total{name='known'}) == 5"));
			// long enough for two scrapes to be compared
			this.prometheus.awaitScrape();
			this.prometheus.awaitScrape();
			this.prometheus.awaitScrape();
			this.held = this.prometheus.awaitScrape();
			this.heldSeconds = secondsSince(start);
			queued.stream().limit(CANCELLED).forEach((task) -> assertThat(task.cancel(false)).isTrue());
		}
		finally {
			release.countDown();
		}
	}

	/**
	 * Submit one by one: each is taken from the queue of who submits.
	 */
	private void fork() {
		ForkJoinPool forks = this.application.getBean("forks", ForkJoinPool.class);
		for (int i = 0; i < FORKED; i++) {
			assertThat(forks.submit(() -> "done").join()).isEqualTo("done");
			assertThat(forks.awaitQuiescence(AT_MOST.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
	}

	/**
	 * Fill executors of one worker and one place in the queue, and hand each more.
	 */
	private void refuse(String... names) throws InterruptedException {
		for (String name : names) {
			ThreadPoolTaskExecutor executor = executor(name);
			CountDownLatch release = new CountDownLatch(1);
			CountDownLatch running = new CountDownLatch(1);
			executor.execute(() -> {
				running.countDown();
				await(release);
			});
			running.await();
			for (int i = 0; i < 1 + REJECTED; i++) {
				executor.execute(() -> {
				});
			}
			release.countDown();
			awaitIdle(executor);
		}
	}

	@AfterAll
	void stop() {
		try (AutoCloseable first = this.prometheus; AutoCloseable second = this.application) {
			// closed in reverse order
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@EnumSource
	void prometheusAnswersWhatWasRun(ExecutorMeter meter) {
		assertThat(expectations(meter)).isNotEmpty().allSatisfy((expected) -> {
			List<JsonNode> series = this.prometheus.query(expected.query(), expected.at());
			assertThat(series).as(expected.query()).hasSize(1);
			assertThat(PrometheusServer.value(series.get(0))).as(expected.query())
				.isBetween(expected.least(), expected.most());
		});
	}

	// no default: a new meter does not compile until it is expected here
	private Stream<Expected> expectations(ExecutorMeter meter) {
		return switch (meter) {
			case TASK_SUBMITTED -> Stream.of(held("executor_task_submitted_total{name='known'}", SUBMITTED),
					rest("executor_task_submitted_total{name='known'}", SUBMITTED),
					rest("executor_task_submitted_total{name='calm'}", 0),
					rest("executor_task_submitted_total{name='discarded'}", 2),
					rest("executor_task_submitted_total{name='discarded-oldest'}", 2 + REJECTED),
					rest("executor_task_submitted_total{name='caller-runs'}", 2 + REJECTED),
					rest("executor_task_submitted_total{name='custom'}", 2));
			case TASK_COMPLETED ->
				Stream.of(held("executor_task_completed_total{name='known',outcome='success'}", SUCCESSES),
						rest("executor_task_completed_total{name='known',outcome='success'}", SUCCEEDED),
						rest("executor_task_completed_total{name='known',outcome='error'}", ERRORS),
						rest("executor_task_completed_total{name='caller-runs',outcome='success'}", 2 + REJECTED),
						rest("sum(executor_task_completed_total{name=~'discarded.*|custom'})", 6));
			case TASK_REJECTED ->
				Stream.of(rest("executor_task_rejected_total{name='known',handling='aborted'}", REJECTED),
						rest("executor_task_rejected_total{name='discarded',handling='discarded'}", REJECTED),
						rest("executor_task_rejected_total{name='discarded-oldest',handling='discarded-oldest'}",
								REJECTED),
						rest("executor_task_rejected_total{name='caller-runs',handling='caller-runs'}", REJECTED),
						rest("executor_task_rejected_total{name='custom',handling='custom'}", REJECTED),
						rest("sum(executor_task_rejected_total)", 5 * REJECTED));
			case TASK_CANCELLED -> Stream.of(held("executor_task_cancelled_total{name='known'}", 0),
					rest("executor_task_cancelled_total{name='known'}", CANCELLED),
					rest("executor_task_cancelled_total{name='discarded-oldest'}", REJECTED),
					rest("sum(executor_task_cancelled_total)", CANCELLED + REJECTED));
			case TASK_WAIT -> Stream.of(rest("executor_task_wait_seconds_count{name='known'}", SUCCEEDED + ERRORS),
					rest("executor_task_wait_seconds_bucket{name='known',le='+Inf'}", SUCCEEDED + ERRORS),
					rest("executor_task_wait_seconds_bucket{name='known',le='1.0'}", SUCCEEDED + ERRORS - 1),
					rest("executor_task_wait_seconds_sum{name='known'}", this.heldSeconds, 3 * this.elapsedSeconds),
					rest("executor_task_wait_seconds_max{name='known'}", this.heldSeconds, this.elapsedSeconds));
			case TASK_RUN ->
				Stream.of(rest("executor_task_run_seconds_count{name='known',outcome='success'}", SUCCEEDED),
						rest("executor_task_run_seconds_count{name='known',outcome='error'}", ERRORS),
						rest("executor_task_run_seconds_bucket{name='known',outcome='success',le='+Inf'}", SUCCEEDED),
						rest("executor_task_run_seconds_bucket{name='known',outcome='success',le='1.0'}",
								SUCCEEDED - WORKERS),
						rest("executor_task_run_seconds_bucket{name='known',outcome='error',le='1.0'}", ERRORS),
						rest("executor_task_run_seconds_sum{name='known',outcome='success'}",
								WORKERS * this.heldSeconds, 3 * this.elapsedSeconds),
						rest("executor_task_run_seconds_max{name='known',outcome='success'}", this.heldSeconds,
								this.elapsedSeconds));
			case TASK_ACTIVE -> Stream.of(held("executor_task_active{name='known'}", WORKERS + QUEUE),
					rest("executor_task_active{name='known'}", 0), rest("sum(executor_task_active)", 0));
			case TASK_BY_NAME_WAIT ->
				Stream.of(held("executor_task_by_name_wait_seconds_count{" + task(UNNAMED_TASK) + "}", SUCCESSES),
						held("executor_task_by_name_wait_seconds_count{" + task("held") + "}", WORKERS),
						rest("executor_task_by_name_wait_seconds_count{" + task(UNNAMED_TASK) + "}", UNNAMED),
						rest("executor_task_by_name_wait_seconds_count{" + task("failing") + "}", ERRORS),
						rest("executor_task_by_name_wait_seconds_count{" + task("held") + "}", WORKERS),
						rest("sum(executor_task_by_name_wait_seconds_count{name='known'})", STARTED),
						// of those one waited behind the held ones
						rest("executor_task_by_name_wait_seconds_sum{" + task(UNNAMED_TASK) + "}", this.heldSeconds,
								this.elapsedSeconds),
						rest("absent(executor_task_by_name_wait_seconds_count{name='calm'})", 1));
			case TASK_BY_NAME_WAIT_MAX -> Stream.of(
					rest("executor_task_by_name_wait_max_seconds{" + task(UNNAMED_TASK) + "}", this.heldSeconds,
							this.elapsedSeconds),
					rest("executor_task_by_name_wait_max_seconds{" + task("held") + "}", 0,
							this.elapsedSeconds - this.heldSeconds));
			case TASK_BY_NAME_RUN -> Stream.of(held("executor_task_by_name_run_seconds_count{" + task("held") + "}", 0),
					rest("executor_task_by_name_run_seconds_count{" + task(UNNAMED_TASK) + "}", UNNAMED),
					rest("executor_task_by_name_run_seconds_count{" + task("failing") + "}", ERRORS),
					rest("executor_task_by_name_run_seconds_count{" + task("held") + "}", WORKERS),
					rest("executor_task_by_name_run_seconds_sum{" + task("held") + "}", WORKERS * this.heldSeconds,
							WORKERS * this.elapsedSeconds),
					rest("sum(executor_task_by_name_run_seconds_sum{name='known',task!='held'})", 0,
							2 * (this.elapsedSeconds - this.heldSeconds)));
			case TASK_BY_NAME_RUN_MAX ->
				Stream.of(held("executor_task_by_name_run_max_seconds{" + task("held") + "}", 0),
						rest("executor_task_by_name_run_max_seconds{" + task("held") + "}", this.heldSeconds,
								this.elapsedSeconds),
						rest("executor_task_by_name_run_max_seconds{" + task(UNNAMED_TASK) + "}", 0,
								this.elapsedSeconds - this.heldSeconds));
			case TASK_BY_NAME_ERRORS ->
				Stream.of(rest("executor_task_by_name_errors_total{" + task("failing") + "}", ERRORS),
						rest("executor_task_by_name_errors_total{" + task(UNNAMED_TASK) + "}", 0),
						rest("sum(executor_task_by_name_errors_total)", ERRORS));
			case TASK_BUDGET_EXHAUSTED ->
				Stream.of(held("executor_task_budget_exhausted_total{name='known',budget='run'}", 0),
						rest("executor_task_budget_exhausted_total{name='known',budget='run'}", WORKERS),
						held("executor_task_budget_exhausted_total{name='known',budget='cpu'}", SUCCESSES + ERRORS),
						rest("executor_task_budget_exhausted_total{name='known',budget='cpu'}", STARTED),
						// the held ones waited, and a few others may have blocked for a
						// lock
						rest("executor_task_budget_exhausted_total{name='known',budget='polls'}", WORKERS,
								STARTED - SUCCESSES),
						rest("executor_task_budget_exhausted_total{name='known',budget='polls'}"
								+ " + ignoring(budget, le) executor_task_polls_bucket{name='known',le='1.0'}", STARTED),
						rest("executor_task_budget_exhausted_total{name='calm',budget='run'}", 0),
						// none of its tasks was sampled
						rest("absent(executor_task_budget_exhausted_total{name='calm',budget=~'cpu|polls'})", 1));
			case TASK_POLLS -> Stream.of(held("executor_task_polls_count{name='known'}", SUCCESSES + ERRORS),
					rest("executor_task_polls_count{name='known'}", STARTED),
					rest("executor_task_polls_bucket{name='known',le='0.5'}", 0),
					rest("executor_task_polls_bucket{name='known',le='1.0'}", SUCCESSES, STARTED - WORKERS),
					rest("executor_task_polls_bucket{name='known',le='+Inf'}", STARTED),
					// the held ones waited once
					rest("executor_task_polls_sum{name='known'}", STARTED + WORKERS, 10 * STARTED),
					rest("executor_task_polls_max{name='known'}", 2, 10 * STARTED),
					rest("absent(executor_task_polls_count{name='calm'})", 1));
			// nothing runs on virtual threads here
			case TASK_PINNED -> Stream.of(rest("absent(executor_task_pinned_total{name='known'})", 1),
					(Runtime.version().feature() >= 24) ? rest("executor_task_pinned_total{name='virtualThreads'}", 0)
							: rest("absent(executor_task_pinned_total)", 1));
			case WORKER_BUSY -> Stream.of(held("executor_worker_busy{name='known'}", WORKERS),
					rest("executor_worker_busy{name='known'}", 0));
			case WORKER_IDLE -> Stream.of(held("executor_worker_idle{name='known'}", 0),
					rest("executor_worker_idle{name='known'}", WORKERS));
			case WORKER_LIMIT -> Stream.of(rest("executor_worker_limit{name='known'}", WORKERS),
					rest("executor_worker_limit{name='custom'}", 1));
			case WORKER_STARTED -> Stream.of(rest("executor_worker_started_total{name='known'}", WORKERS),
					rest("absent(executor_worker_started_total{name='calm'})", 1));
			case WORKER_ENDED -> Stream.of(rest("executor_worker_ended_total{name='known'}", 0));
			// each of its workers waits, in its task or for one
			case WORKER_PARK -> Stream.of(
					held("executor_worker_park_total{name='known'} - executor_worker_unpark_total{name='known'}",
							WORKERS),
					rest("executor_worker_park_total{name='known'} - executor_worker_unpark_total{name='known'}",
							WORKERS),
					rest("executor_worker_park_total{name='known'}", 2 * WORKERS, 10 * STARTED));
			case WORKER_UNPARK -> Stream.of(rest("executor_worker_unpark_total{name='known'}", WORKERS, 10 * STARTED));
			case WORKER_BLOCKED -> Stream.of(rest("executor_worker_blocked_total{name='known'}", 0, STARTED));
			case WORKER_CPU -> Stream.of(rest("executor_worker_cpu_seconds_total{name='known'}", 1e-6,
					this.elapsedSeconds - this.heldSeconds));
			case WORKER_STEALS -> Stream.of(held("executor_worker_steals_total{name='forks'}", FORKED),
					rest("executor_worker_steals_total{name='forks'}", FORKED),
					rest("absent(executor_worker_steals_total{name='known'})", 1));
			case QUEUE_DEPTH -> Stream.of(
					// every look in between saw the queue full
					held("(executor_queue_depth_sum{name='known'} - executor_queue_depth_sum{name='known'} offset 1500ms)"
							+ " / (executor_queue_depth_count{name='known'} - executor_queue_depth_count{name='known'} offset 1500ms)",
							QUEUE),
					rest("executor_queue_depth_max{name='known'}", QUEUE),
					rest("executor_queue_depth_bucket{name='known',le='5.0'}", this.ticks),
					rest("executor_queue_depth_count{name='known'}", this.ticks),
					rest("executor_queue_depth_sum{name='calm'}", 0));
			case QUEUE_CAPACITY -> Stream.of(rest("executor_queue_capacity{name='known'}", QUEUE),
					rest("executor_queue_capacity{name='custom'}", 1));
			case QUEUE_OLDEST -> Stream.of(held("executor_queue_oldest_seconds{name='known'}", 1, this.heldSeconds),
					rest("executor_queue_oldest_seconds{name='known'}", 0));
			case UTILIZATION -> Stream.of(held("executor_utilization{name='known'}", 0.99, 1),
					rest("executor_utilization{name='known'}", 0), rest("executor_utilization{name='calm'}", 0));
			// they do nothing but wait
			case UTILIZATION_CPU -> Stream.of(held("executor_utilization_cpu{name='known'}", 0, 0.2),
					rest("absent(executor_utilization_cpu{name='calm'})", 1));
			case STARVED ->
				Stream.of(held("executor_starved{name='known'}", 1), held("executor_starved{name='calm'}", 0));
			case STARVATION_INCIDENTS ->
				Stream.concat(
						Stream.of("delayed", "blocked", "overloaded", "rejecting", "stalled")
							.map((cause) -> rest(
									"executor_starvation_incidents_total{name='known',cause='" + cause + "'}", 1)),
						Stream.of(rest("sum(executor_starvation_incidents_total{name='calm'})", 0)));
			case WATCH_TICKS -> Stream.of(rest("executor_watch_ticks_total", this.ticks));
			case WATCH_LATE -> Stream.of(rest("executor_watch_late_seconds_count", this.ticks),
					rest("executor_watch_late_seconds_sum", 0, this.elapsedSeconds));
		};
	}

	private static String task(String name) {
		return "name='known',task='" + name + "'";
	}

	private Expected held(String query, double value) {
		return new Expected(this.held, query, value, value);
	}

	private Expected held(String query, double least, double most) {
		return new Expected(this.held, query, least, most);
	}

	private Expected rest(String query, double value) {
		return new Expected(this.rest, query, value, value);
	}

	private Expected rest(String query, double least, double most) {
		return new Expected(this.rest, query, least, most);
	}

	private boolean ask(String condition) {
		return !this.prometheus.query(condition, Instant.now()).isEmpty();
	}

	private ThreadPoolTaskExecutor executor(String name) {
		return this.application.getBean(name, ThreadPoolTaskExecutor.class);
	}

	private static void awaitIdle(ThreadPoolTaskExecutor executor) {
		Awaitility.await().atMost(AT_MOST).until(() -> executor.getActiveCount() == 0 && executor.getQueueSize() == 0);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static double secondsSince(long nanoTime) {
		return (System.nanoTime() - nanoTime) / 1e9;
	}

	private record Expected(Instant at, String query, double least, double most) {

	}

	/**
	 * One executor for what is counted, one for each policy, and one that stays idle. Not
	 * a configuration class: the sample's component scan would find it.
	 */
	@EnableAutoConfiguration
	static class KnownApplication {

		@Bean("known")
		ThreadPoolTaskExecutor known() {
			return executor(WORKERS, QUEUE, new AbortPolicy());
		}

		@Bean("forks")
		ForkJoinPool forks() {
			return new ForkJoinPool(1);
		}

		@Bean("calm")
		ThreadPoolTaskExecutor calm() {
			return executor(1, 1, new AbortPolicy());
		}

		@Bean("discarded")
		ThreadPoolTaskExecutor discarded() {
			return executor(1, 1, new DiscardPolicy());
		}

		@Bean("discarded-oldest")
		ThreadPoolTaskExecutor discardedOldest() {
			return executor(1, 1, new DiscardOldestPolicy());
		}

		@Bean("caller-runs")
		ThreadPoolTaskExecutor callerRuns() {
			return executor(1, 1, new CallerRunsPolicy());
		}

		@Bean("custom")
		ThreadPoolTaskExecutor custom() {
			return executor(1, 1, (task, pool) -> {
			});
		}

		private static ThreadPoolTaskExecutor executor(int workers, int queue, RejectedExecutionHandler handler) {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(workers);
			executor.setMaxPoolSize(workers);
			executor.setQueueCapacity(queue);
			executor.setRejectedExecutionHandler(handler);
			return executor;
		}

	}

}
