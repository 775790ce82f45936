// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ErrorHandler;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Periodic tasks that throw and never run again.
 */
class EndedPeriodicTasksTests {

	private static final ErrorHandler KEEPS = (ex) -> {
	};

	private static final ErrorHandler THROWS = (ex) -> {
		throw new IllegalStateException(ex);
	};

	private final MovedWatch watch = new MovedWatch();

	@AfterEach
	void close() {
		this.watch.close();
	}

	static Stream<ScheduledExecutorService> schedulers() {
		return Stream.of(new ScheduledThreadPoolExecutor(1), Executors.newSingleThreadScheduledExecutor(),
				Executors.unconfigurableScheduledExecutorService(new ScheduledThreadPoolExecutor(1)));
	}

	private <E> E meter(E target, ExecutorService pool, Class<E> type) {
		E metered = this.watch.decorate("jobs", target, pool, type);
		this.watch.ticks(1);
		return metered;
	}

	private ScheduledExecutorService meter(ScheduledExecutorService target) {
		return (target instanceof ScheduledThreadPoolExecutor pool)
				? meter(pool, pool, ScheduledThreadPoolExecutor.class)
				: meter(target, target, ScheduledExecutorService.class);
	}

	private static Runnable failing(String name) {
		return NamedTask.of(name, (Runnable) () -> {
			throw new IllegalStateException("secret");
		});
	}

	private static void awaitDone(Future<?> future) {
		Awaitility.await().dontCatchUncaughtExceptions().until(future::isDone);
	}

	private @Nullable RaisedCause ended() {
		return this.watch.watch()
			.report(this.watch.executor("jobs"))
			.causes()
			.stream()
			.filter((raised) -> raised.cause() == StarvationCause.ENDED)
			.findFirst()
			.orElse(null);
	}

	private void assertNothingIsRaised() {
		this.watch.ticks(20);
		assertThat(this.watch.executor("jobs").incidentCount(StarvationCause.ENDED)).isZero();
	}

	@ParameterizedTest
	@MethodSource("schedulers")
	void whenAPeriodicTaskThrowsThenItIsRaisedUntilOneOfItsNameIsScheduled(ScheduledExecutorService target) {
		ScheduledExecutorService scheduler = meter(target);
		awaitDone(scheduler.scheduleAtFixedRate(failing("poll"), 0, 1, TimeUnit.MILLISECONDS));
		this.watch.ticks(3);
		assertThat(ended()).isNotNull().satisfies((raised) -> {
			assertThat(raised.evidence()).containsEntry("endedTasks", 1).containsEntry("names", 1);
			assertThat(raised.detail()).startsWith("poll (at ").endsWith("Z) with java.lang.IllegalStateException");
			assertThat(raised.plainDetail()).startsWith("poll (at ").endsWith("Z)");
		});
		ExecutorReport report = this.watch.watch().report(this.watch.executor("jobs"));
		assertThat(report.verdict()).isEqualTo("ENDED");
		assertThat(report.isStarved()).isFalse();
		this.watch.ticks(3_600);
		scheduler.scheduleAtFixedRate(NamedTask.of("other", () -> {
		}), 0, 1, TimeUnit.HOURS);
		this.watch.ticks(10);
		assertThat(ended()).isNotNull();
		scheduler.scheduleWithFixedDelay(NamedTask.of("poll", () -> {
		}), 1, 1, TimeUnit.HOURS);
		this.watch.ticks(5);
		assertThat(ended()).isNull();
	}

	@Test
	void whenItThrowsAfterManyRunsThenItIsRaised() {
		ScheduledExecutorService scheduler = meter(new ScheduledThreadPoolExecutor(1));
		AtomicInteger runs = new AtomicInteger();
		ScheduledFuture<?> future = scheduler.scheduleWithFixedDelay(NamedTask.of("poll", () -> {
			if (runs.incrementAndGet() == 50) {
				throw new StackOverflowError();
			}
		}), 0, 1, TimeUnit.MILLISECONDS);
		awaitDone(future);
		this.watch.ticks(3);
		assertThat(ended()).isNotNull()
			.satisfies((raised) -> assertThat(raised.detail()).endsWith("java.lang.StackOverflowError"));
	}

	// an error handler that takes its time: the run has ended long before its schedule
	@Test
	void whenTheErrorHandlerThrowsLongAfterTheRunThenItIsRaised() {
		CountDownLatch handling = new CountDownLatch(1);
		CountDownLatch throwing = new CountDownLatch(1);
		ScheduledFuture<?> future = threadPool((ex) -> {
			handling.countDown();
			Hold.until(throwing);
			throw new IllegalStateException(ex);
		}).scheduleWithFixedDelay(failing("poll"), Duration.ofMillis(1));
		Hold.await(handling);
		assertNothingIsRaised();
		throwing.countDown();
		awaitDone(future);
		this.watch.ticks(3);
		assertThat(ended()).isNotNull();
	}

	@Test
	void whenTwoOfANameEndThenBothAreCounted() {
		ScheduledExecutorService scheduler = meter(new ScheduledThreadPoolExecutor(1));
		ScheduledFuture<?> first = scheduler.scheduleAtFixedRate(failing("poll"), 20, 1, TimeUnit.MILLISECONDS);
		ScheduledFuture<?> second = scheduler.scheduleAtFixedRate(failing("poll"), 20, 1, TimeUnit.MILLISECONDS);
		awaitDone(first);
		awaitDone(second);
		this.watch.ticks(3);
		assertThat(ended()).isNotNull().satisfies((raised) -> {
			assertThat(raised.evidence()).containsEntry("endedTasks", 2).containsEntry("names", 1);
			assertThat(raised.plainDetail()).startsWith("poll (2 of that name, the last at ");
		});
	}

	@Test
	void whenATaskSchedulesItsSuccessorAndThenThrowsThenItIsNotRaised() {
		ScheduledExecutorService scheduler = meter(new ScheduledThreadPoolExecutor(1));
		awaitDone(scheduler.scheduleAtFixedRate(NamedTask.of("poll", (Runnable) () -> {
			scheduler.scheduleAtFixedRate(NamedTask.of("poll", () -> {
			}), 1, 1, TimeUnit.HOURS);
			throw new IllegalStateException();
		}), 0, 1, TimeUnit.MILLISECONDS));
		assertNothingIsRaised();
	}

	@Test
	void whenATaskIsCancelledThenItIsNotRaisedEvenIfItThrows() {
		ScheduledExecutorService scheduler = meter(new ScheduledThreadPoolExecutor(1));
		AtomicReference<Future<?>> own = new AtomicReference<>();
		CountDownLatch known = new CountDownLatch(1);
		CountDownLatch threw = new CountDownLatch(1);
		own.set(scheduler.scheduleAtFixedRate(NamedTask.of("poll", (Runnable) () -> {
			Hold.await(known);
			own.get().cancel(false);
			threw.countDown();
			throw new IllegalStateException();
		}), 0, 1, TimeUnit.MILLISECONDS));
		known.countDown();
		Hold.await(threw);
		awaitFailed(1);
		assertNothingIsRaised();
	}

	@Test
	void whenTheSchedulerIsShutDownThenWhatThatInterruptsIsNotRaised() {
		ScheduledThreadPoolExecutor target = new ScheduledThreadPoolExecutor(2);
		ScheduledExecutorService scheduler = meter(target);
		CountDownLatch released = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(2);
		// keeps the pool from its end, whatever is interrupted
		scheduler.execute(() -> {
			started.countDown();
			while (released.getCount() > 0) {
				Hold.until(released);
				Thread.interrupted();
			}
		});
		ScheduledFuture<?> future = scheduler.scheduleAtFixedRate(NamedTask.of("poll", (Runnable) () -> {
			started.countDown();
			Hold.until(new CountDownLatch(1));
			throw new IllegalStateException();
		}), 0, 1, TimeUnit.MILLISECONDS);
		Hold.await(started);
		scheduler.shutdownNow();
		awaitDone(future);
		awaitFailed(1);
		assertNothingIsRaised();
		released.countDown();
	}

	@Test
	void whenAOneShotTaskThrowsThenItIsNotRaised() {
		ScheduledExecutorService scheduler = meter(new ScheduledThreadPoolExecutor(1));
		awaitDone(scheduler.schedule(failing("once"), 1, TimeUnit.MILLISECONDS));
		awaitDone(scheduler.submit(failing("once")));
		awaitFailed(2);
		assertNothingIsRaised();
	}

	private void awaitFailed(int runs) {
		Awaitility.await().until(() -> this.watch.executor("jobs").recorder().failed() >= runs);
	}

	@Test
	void whenSpringsSchedulerKeepsTheErrorThenItIsNotRaised() {
		TaskScheduler scheduler = threadPool(null);
		scheduler.scheduleAtFixedRate(failing("poll"), Duration.ofMillis(50));
		scheduler.scheduleWithFixedDelay(failing("poll"), Duration.ofMillis(50));
		awaitFailed(4);
		assertNothingIsRaised();
	}

	@Test
	void whenTheErrorHandlerThrowsThenItIsRaised() {
		awaitDone(threadPool(THROWS).scheduleWithFixedDelay(failing("poll"), Duration.ofMillis(1)));
		this.watch.ticks(3);
		assertThat(ended()).isNotNull().satisfies((raised) -> assertThat(raised.plainDetail()).startsWith("poll (at "));
	}

	private TaskScheduler threadPool(@Nullable ErrorHandler handler) {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		if (handler != null) {
			scheduler.setErrorHandler(handler);
		}
		scheduler.initialize();
		return meter(scheduler, scheduler.getScheduledExecutor(), ThreadPoolTaskScheduler.class);
	}

	@Test
	void whenAnAdaptersErrorHandlerThrowsThenItIsRaisedAndElseNot() {
		ScheduledExecutorService target = Executors.newSingleThreadScheduledExecutor();
		ConcurrentTaskScheduler scheduler = new ConcurrentTaskScheduler(target);
		scheduler.setErrorHandler(KEEPS);
		ConcurrentTaskScheduler metered = meter(scheduler, target, ConcurrentTaskScheduler.class);
		metered.scheduleAtFixedRate(failing("kept"), Duration.ofMillis(1));
		awaitFailed(20);
		assertNothingIsRaised();
		metered.setErrorHandler(THROWS);
		awaitDone(metered.scheduleAtFixedRate(failing("poll"), Duration.ofMillis(1)));
		this.watch.ticks(3);
		assertThat(ended()).isNotNull()
			.satisfies((raised) -> assertThat(raised.plainDetail()).startsWith("poll (at ").doesNotContain("kept"));
	}

	// a rate starts a thread for each run, a delay runs on the thread that waits
	@Test
	void whenASchedulerOfSimpleThreadsRunsADelayThenOnlyAThrowingHandlerEndsIt() {
		SimpleAsyncTaskScheduler target = new SimpleAsyncTaskScheduler();
		ExecutorService none = Executors.newSingleThreadExecutor();
		SimpleAsyncTaskScheduler scheduler = meter(target, none, SimpleAsyncTaskScheduler.class);
		try (target) {
			target.setErrorHandler(KEEPS);
			Future<?> kept = scheduler.scheduleWithFixedDelay(failing("delay"), Duration.ofMillis(1));
			awaitFailed(20);
			assertNothingIsRaised();
			kept.cancel(false);
			target.setErrorHandler(THROWS);
			Future<?> rate = scheduler.scheduleAtFixedRate(failing("rate"), Duration.ofHours(1));
			Awaitility.await()
				.dontCatchUncaughtExceptions()
				.until(() -> this.watch.executor("jobs").recorder().byName().names().size() == 2);
			awaitDone(scheduler.scheduleWithFixedDelay(failing("poll"), Duration.ofMillis(1)));
			this.watch.ticks(3);
			assertThat(ended()).isNotNull()
				.satisfies((raised) -> assertThat(raised.plainDetail()).startsWith("poll (at ").doesNotContain("rate"));
			assertThat(rate).isNotDone();
		}
	}

	@Test
	void whenTheExecutorIsGoneThenItIsNot() {
		ScheduledExecutorService scheduler = meter(new ScheduledThreadPoolExecutor(1));
		awaitDone(scheduler.scheduleAtFixedRate(failing("poll"), 0, 1, TimeUnit.MILLISECONDS));
		this.watch.ticks(3);
		assertThat(ended()).isNotNull();
		this.watch.registry().remove(this.watch.executor("jobs"));
		this.watch.ticks(1);
		assertThat(this.watch.all()).isEmpty();
	}

}
