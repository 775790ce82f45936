// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.task.RunningTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tasks that run for the life of the application. Row: a consumer was STUCK after 60 s,
 * for ever.
 */
class ResidentTasksTests {

	private static final int HOUR = 3_600;

	private final MovedWatch watch = new MovedWatch();

	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.release.countDown();
		this.watch.close();
	}

	@Test
	void whenNoTaskOfItsNameHasEverEndedThenItIsResidentAndNoFault() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		loop(orders, "consumer");
		loop(orders, "consumer");
		run(orders, "mail");
		this.watch.ticks(HOUR);
		assertThat(causes(this.watch.watch())).isEmpty();
		assertThat(running("consumer")).hasSize(2).allMatch(this::isResident);
	}

	@Test
	void whenItsNameHasEndedBeforeThenItIsStuckAndNotResident() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		loop(orders, "consumer");
		run(orders, "mail");
		loop(orders, "mail");
		this.watch.ticks(62);
		assertThat(causes(this.watch.watch())).isEmpty();
		this.watch.ticks(3);
		assertThat(this.watch.watch().report(this.watch.executor("orders")).causes()).singleElement()
			.satisfies((stuck) -> {
				assertThat(stuck.cause()).isEqualTo(StarvationCause.STUCK);
				// the consumer is none of them, though it is older
				assertThat(stuck.stacks()).singleElement()
					.satisfies((stack) -> assertThat(stack.tasks()).containsExactly("mail"));
				assertThat(stuck.plainDetail()).isEqualTo("mail");
			});
		assertThat(running("mail")).noneMatch(this::isResident);
		assertThat(running("consumer")).allMatch(this::isResident);
	}

	// it was hung at its very first run, which nobody can tell from a loop
	@Test
	void whenAResidentTaskEndsThenTheNextOfItsNameIsStuck() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		loop(orders, "import");
		this.watch.ticks(100);
		assertThat(causes(this.watch.watch())).isEmpty();
		this.release.countDown();
		Awaitility.await().until(() -> orders.getCompletedTaskCount() == 1);
		CountDownLatch second = new CountDownLatch(1);
		orders.execute(NamedTask.of("import", () -> Hold.until(second)));
		Awaitility.await().until(() -> running("import").size() == 1);
		// it has started now, by a clock that is behind that of the watch
		this.watch.ticks(100);
		assertThat(causes(this.watch.watch())).containsExactly(StarvationCause.STUCK);
		second.countDown();
	}

	@Test
	void whenItStartedWithTheApplicationThenItIsResidentThoughItsNameEnds() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		long[] nanos = { System.nanoTime() };
		ExecutorWatch starting = new ExecutorWatch(this.watch.registry(),
				new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), 3, 5,
						Duration.ofMinutes(1), TestLimits.DEFAULTS, Map.of()),
				() -> nanos[0], () -> MovedWatch.EPOCH, new CallersThread());
		starting.begin();
		run(orders, "poller");
		loop(orders, "poller");
		for (int i = 0; i < HOUR; i++) {
			nanos[0] += TimeUnit.SECONDS.toNanos(1);
			starting.tick();
		}
		assertThat(causes(starting)).isEmpty();
		assertThat(this.watch.executor("orders").recorder().runningTasks(nanos[0])).singleElement()
			.satisfies((task) -> assertThat(starting.isResident(this.watch.executor("orders"), task)).isTrue());
	}

	// an import that always takes an hour was stuck each night
	@Test
	void whenEarlierRunsTookAsLongThenItIsNotStuckBeforeThreeTimesTheirMean() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		long begun = System.nanoTime();
		CountDownLatch first = new CountDownLatch(1);
		orders.execute(NamedTask.of("import", () -> Hold.until(first)));
		Awaitility.await().until(() -> System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(400));
		first.countDown();
		Awaitility.await().until(() -> orders.getCompletedTaskCount() == 1);
		long mean = this.watch.executor("orders").recorder().totals(System.nanoTime()).runNanos();
		loop(orders, "import");
		RunningTask task = running("import").get(0);
		LongRuns runs = new LongRuns(this.watch.executor("orders"), TimeUnit.MILLISECONDS.toNanos(1), () -> 0);
		assertThat(runs.stuck(task.startNanos() + 3 * mean)).isEmpty();
		assertThat(runs.stuck(task.startNanos() + 3 * mean + 10)).hasSize(1);
	}

	@Test
	void whenAllOfItsNameHaveFailedThenItIsResident() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		orders.submit(NamedTask.of("consumer", (Runnable) () -> {
			throw new IllegalStateException("no broker");
		}));
		Awaitility.await()
			.until(() -> this.watch.executor("orders").recorder().totals(System.nanoTime()).failed() == 1);
		loop(orders, "consumer");
		this.watch.ticks(HOUR);
		assertThat(causes(this.watch.watch())).isEmpty();
		assertThat(running("consumer")).singleElement().matches(this::isResident);
	}

	// what is past the table of those that are told one by one was never stuck
	@Test
	void whenItIsOneOfVeryManyThenItIsStuckWithoutAName() {
		SimpleAsyncTaskExecutor many = this.watch.decorate("orders", new SimpleAsyncTaskExecutor("many-"),
				Executors.newSingleThreadExecutor(), SimpleAsyncTaskExecutor.class);
		List<Hold> first = Stream.generate(() -> Hold.on(many)).limit(400).toList();
		Hold last = Hold.on(many);
		first.forEach(Hold::close);
		Awaitility.await()
			.until(() -> this.watch.executor("orders").recorder().totals(System.nanoTime()).running() == 1);
		assertThat(this.watch.executor("orders").recorder().runningTasks(System.nanoTime())).isEmpty();
		// starting the threads may have taken seconds, by which the watch is behind
		this.watch.ticks(95);
		assertThat(causes(this.watch.watch())).containsExactly(StarvationCause.STUCK);
		last.close();
		Awaitility.await()
			.until(() -> this.watch.executor("orders").recorder().totals(System.nanoTime()).running() == 0);
		this.watch.ticks(6);
		assertThat(causes(this.watch.watch())).isEmpty();
	}

	@Test
	void whenTheLimitIsNeverThenNothingIsResidentOrStuck() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		loop(orders, "consumer");
		LongRuns runs = new LongRuns(this.watch.executor("orders"), Long.MAX_VALUE, () -> Long.MAX_VALUE / 2);
		assertThat(runs.stuck(System.nanoTime() + Duration.ofDays(1_000).toNanos())).isEmpty();
		assertThat(running("consumer")).noneMatch(runs::isResident);
	}

	private void loop(ThreadPoolExecutor pool, String name) {
		CountDownLatch started = new CountDownLatch(1);
		pool.execute(NamedTask.of(name, () -> {
			started.countDown();
			Hold.until(this.release);
		}));
		Hold.await(started);
	}

	private static void run(ThreadPoolExecutor pool, String name) {
		long before = pool.getCompletedTaskCount();
		pool.execute(NamedTask.of(name, () -> {
		}));
		Awaitility.await().until(() -> pool.getCompletedTaskCount() == before + 1);
	}

	private List<RunningTask> running(String name) {
		return this.watch.executor("orders")
			.recorder()
			.runningTasks(System.nanoTime() + TimeUnit.DAYS.toNanos(1))
			.stream()
			.filter((task) -> task.name().value().equals(name))
			.toList();
	}

	private boolean isResident(RunningTask task) {
		return this.watch.watch().isResident(this.watch.executor("orders"), task);
	}

	private List<StarvationCause> causes(ExecutorWatch watch) {
		return watch.report(this.watch.executor("orders")).causes().stream().map(RaisedCause::cause).toList();
	}

}
