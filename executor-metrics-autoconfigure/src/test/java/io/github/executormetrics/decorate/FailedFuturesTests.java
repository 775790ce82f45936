// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.task.FiguresByName;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A future that is handed to an executor as a task catches its error. The run returns,
 * and counted as a success: on schedulers in every way, on pools by {@code submit}.
 */
class FailedFuturesTests {

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	static Stream<Arguments> allWays() {
		return ways((kind, way) -> true);
	}

	static Stream<Arguments> seenWays() {
		return ways(Kind::sees);
	}

	private static Stream<Arguments> ways(BiPredicate<Kind, Way> filter) {
		List<Arguments> all = new ArrayList<>();
		for (Kind kind : Kind.values()) {
			for (Way way : Way.values()) {
				if (way.type.isAssignableFrom(kind.type) && filter.test(kind, way)) {
					all.add(Arguments.of(kind, way));
				}
			}
		}
		return all.stream();
	}

	@ParameterizedTest
	@MethodSource("seenWays")
	void whenAFutureFailsThenItsErrorCounts(Kind kind, Way way) {
		Executor executor = decorate(kind);
		way.hand(executor, failing());
		assertFailed(1);
	}

	@ParameterizedTest
	@MethodSource("allWays")
	void whenAFutureEndsWellThenItIsASuccess(Kind kind, Way way) {
		way.hand(decorate(kind), new FutureTask<>(() -> "done"));
		Bench.await().until(() -> this.bench.totals().completed() >= 1);
		assertThat(this.bench.totals().failed()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "SCHEDULED_POOL", "SCHEDULED_SERVICE" })
	void whenAFailedFutureIsRunAgainThenItsErrorCountsOnce(Kind kind) throws Exception {
		ScheduledExecutorService scheduler = (ScheduledExecutorService) decorate(kind);
		scheduler.scheduleAtFixedRate(failing(), 0, 1, TimeUnit.MILLISECONDS);
		Bench.await().until(() -> this.bench.totals().completed() >= 5);
		assertThat(this.bench.totals().failed()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "TASK_SCHEDULER", "CONCURRENT_SCHEDULER", "SIMPLE_ASYNC_SCHEDULER" })
	void whenASchedulerRunsAFailedFutureAgainThenItsErrorCountsOnce(Kind kind) {
		TaskScheduler scheduler = (TaskScheduler) decorate(kind);
		scheduler.scheduleAtFixedRate(failing(), Duration.ofMillis(1));
		Bench.await().until(() -> this.bench.totals().completed() >= 5);
		assertThat(this.bench.totals().failed()).isEqualTo(1);
	}

	@Test
	void whenEachRunOfAFutureFailsAnewThenEachErrorCounts() {
		ScheduledExecutorService scheduler = (ScheduledExecutorService) decorate(Kind.SCHEDULED_POOL);
		scheduler.scheduleAtFixedRate(new OwnFuture(Misuse.NONE) {

			@Override
			public void run() {
				this.failure = new Fire.Expected();
				super.run();
			}

		}, 0, 1, TimeUnit.MILLISECONDS);
		Bench.await().until(() -> this.bench.totals().failed() >= 3);
		assertThat(this.bench.totals().succeeded()).isZero();
	}

	// the future is not done after a run that ends well
	@Test
	void whenAFutureIsMadeForManyRunsThenItsOneFailureCounts() throws Exception {
		ScheduledExecutorService scheduler = (ScheduledExecutorService) decorate(Kind.SCHEDULED_POOL);
		AtomicInteger runs = new AtomicInteger();
		scheduler.scheduleAtFixedRate(new RepeatedFuture(() -> {
			if (runs.incrementAndGet() == 3) {
				throw new Fire.Expected();
			}
		}), 0, 1, TimeUnit.MILLISECONDS);
		Bench.await().until(() -> this.bench.totals().completed() >= 6);
		assertThat(this.bench.totals().failed()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void whenAFutureMisbehavesThenItRunsOnSchedulesAllTheSame(Misuse misuse) {
		ScheduledExecutorService scheduler = (ScheduledExecutorService) decorate(Kind.SCHEDULED_POOL);
		OwnFuture future = new OwnFuture(misuse);
		scheduler.scheduleAtFixedRate(future, 0, 1, TimeUnit.MILLISECONDS);
		Hold.await(future.ran);
		Bench.await().until(() -> this.bench.totals().succeeded() >= 3);
		assertThat(this.bench.totals().failed()).isZero();
	}

	@Test
	void whenAFutureIsCancelledThenItsRunIsNoError() {
		ScheduledExecutorService scheduler = (ScheduledExecutorService) decorate(Kind.SCHEDULED_POOL);
		FutureTask<Object> future = failing();
		future.cancel(false);
		scheduler.schedule(future, 0, TimeUnit.MILLISECONDS);
		Bench.await().until(() -> this.bench.totals().succeeded() == 1);
		assertThat(this.bench.totals().failed()).isZero();
	}

	private static FutureTask<Object> failing() {
		return new FutureTask<>(() -> {
			throw new Fire.Expected();
		});
	}

	private Executor decorate(Kind kind) {
		return this.bench.decorate(this.bench.stopLater(kind.factory.create(this.bench)),
				kind.type.isInterface() ? kind.type : null);
	}

	private void assertFailed(int tasks) {
		Bench.await().until(() -> this.bench.totals().completed() >= tasks);
		TaskTotals totals = this.bench.totals();
		assertThat(totals.failed()).isEqualTo(tasks);
		FiguresByName byName = this.bench.monitored().recorder().byName();
		assertThat(byName.names()).anySatisfy((name) -> {
			assertThat(byName.failed(name)).isEqualTo(tasks);
			assertThat(byName.latestFailure(name)).isEqualTo(Fire.Expected.class.getName());
		});
	}

	enum Kind {

		POOL(ThreadPoolExecutor.class,
				(bench) -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>())),

		SCHEDULED_POOL(ScheduledThreadPoolExecutor.class, (bench) -> new ScheduledThreadPoolExecutor(1)),

		SERVICE(ExecutorService.class, (bench) -> Executors.newSingleThreadExecutor()),

		SCHEDULED_SERVICE(ScheduledExecutorService.class, (bench) -> Executors.newSingleThreadScheduledExecutor()),

		FORK_JOIN_POOL(ForkJoinPool.class, (bench) -> new ForkJoinPool(1)),

		OWN_POOL(ThreadPoolExecutor.class,
				(bench) -> new UserExecutors.OwnThreadPoolExecutor(new LinkedBlockingQueue<>(), Thread::new,
						new ThreadPoolExecutor.AbortPolicy())),

		TASK_EXECUTOR(ThreadPoolTaskExecutor.class, (bench) -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.afterPropertiesSet();
			return executor;
		}),

		TASK_SCHEDULER(ThreadPoolTaskScheduler.class, (bench) -> {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.afterPropertiesSet();
			return scheduler;
		}),

		CONCURRENT_EXECUTOR(ConcurrentTaskExecutor.class,
				(bench) -> new ConcurrentTaskExecutor(bench.stopLater(Executors.newSingleThreadExecutor()))),

		ADAPTER(TaskExecutorAdapter.class,
				(bench) -> new TaskExecutorAdapter(bench.stopLater(Executors.newSingleThreadExecutor()))),

		CONCURRENT_SCHEDULER(ConcurrentTaskScheduler.class,
				(bench) -> new ConcurrentTaskScheduler(bench.stopLater(new ScheduledThreadPoolExecutor(1)))),

		SIMPLE_ASYNC_EXECUTOR(SimpleAsyncTaskExecutor.class, (bench) -> new SimpleAsyncTaskExecutor()),

		OWN_SIMPLE_ASYNC_EXECUTOR(SimpleAsyncTaskExecutor.class,
				(bench) -> new UserExecutors.OwnSimpleAsyncTaskExecutor()),

		SIMPLE_ASYNC_SCHEDULER(SimpleAsyncTaskScheduler.class, (bench) -> new SimpleAsyncTaskScheduler()),

		LAMBDA(Executor.class, (bench) -> (Executor) Runnable::run);

		private final Class<?> type;

		private final Factory factory;

		Kind(Class<?> type, Factory factory) {
			this.type = type;
			this.factory = factory;
		}

		/**
		 * Whether the task that the executor runs shows its outcome. A
		 * {@link CompletableFuture} or a future of the executor's own, made inside of a
		 * user's subclass, hides it.
		 */
		boolean sees(Way way) {
			return switch (way) {
				case SUBMIT_COMPLETABLE -> this == SIMPLE_ASYNC_EXECUTOR || this == SIMPLE_ASYNC_SCHEDULER;
				case SUBMIT_ASYNC -> this != OWN_SIMPLE_ASYNC_EXECUTOR;
				default -> true;
			};
		}

		interface Factory {

			Executor create(Bench bench);

		}

	}

	enum Way {

		EXECUTE(Executor.class, (executor, task) -> ((Executor) executor).execute(task)),

		SUBMIT(ExecutorService.class, (executor, task) -> ((ExecutorService) executor).submit(task)),

		SUBMIT_WITH_RESULT(ExecutorService.class,
				(executor, task) -> ((ExecutorService) executor).submit(task, "done")),

		SUBMIT_ASYNC(AsyncTaskExecutor.class, (executor, task) -> ((AsyncTaskExecutor) executor).submit(task)),

		SUBMIT_COMPLETABLE(AsyncTaskExecutor.class,
				(executor, task) -> ((AsyncTaskExecutor) executor).submitCompletable(task)),

		SCHEDULE(ScheduledExecutorService.class,
				(executor, task) -> ((ScheduledExecutorService) executor).schedule(task, 1, TimeUnit.MILLISECONDS)),

		SCHEDULE_AT_FIXED_RATE(ScheduledExecutorService.class,
				(executor, task) -> ((ScheduledExecutorService) executor).scheduleAtFixedRate(task, 0, 1,
						TimeUnit.HOURS)),

		SCHEDULE_WITH_FIXED_DELAY(ScheduledExecutorService.class,
				(executor, task) -> ((ScheduledExecutorService) executor).scheduleWithFixedDelay(task, 0, 1,
						TimeUnit.HOURS)),

		SCHEDULE_TASK(TaskScheduler.class,
				(executor, task) -> ((TaskScheduler) executor).schedule(task, Instant.now())),

		SCHEDULE_TASK_AT_FIXED_RATE(TaskScheduler.class,
				(executor, task) -> ((TaskScheduler) executor).scheduleAtFixedRate(task, Duration.ofHours(1))),

		SCHEDULE_TASK_WITH_FIXED_DELAY(TaskScheduler.class,
				(executor, task) -> ((TaskScheduler) executor).scheduleWithFixedDelay(task, Duration.ofHours(1))),

		SCHEDULE_TASK_WITH_TRIGGER(TaskScheduler.class,
				(executor, task) -> ((TaskScheduler) executor).schedule(task, new ErrorHandlerContract.Once()));

		private final Class<?> type;

		private final BiConsumer<Object, Runnable> handing;

		Way(Class<?> type, BiConsumer<Object, Runnable> handing) {
			this.type = type;
			this.handing = handing;
		}

		void hand(Executor executor, Runnable task) {
			this.handing.accept(executor, task);
		}

	}

	enum Misuse {

		NONE, IS_CANCELLED_THROWS, IS_DONE_THROWS, GET_THROWS, GET_BLOCKS

	}

	private static final class RepeatedFuture extends FutureTask<Object> {

		RepeatedFuture(Runnable task) {
			super(task, null);
		}

		@Override
		public void run() {
			runAndReset();
		}

	}

	/**
	 * A future of the user's own, which fails with what it has at the time.
	 */
	private static class OwnFuture implements RunnableFuture<Object> {

		private final CountDownLatch ran = new CountDownLatch(1);

		private final Misuse misuse;

		@Nullable Throwable failure;

		OwnFuture(Misuse misuse) {
			this.misuse = misuse;
		}

		@Override
		public void run() {
			this.ran.countDown();
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			return false;
		}

		@Override
		public boolean isCancelled() {
			if (this.misuse == Misuse.IS_CANCELLED_THROWS) {
				throw new IllegalStateException();
			}
			return false;
		}

		@Override
		public boolean isDone() {
			if (this.misuse == Misuse.IS_DONE_THROWS) {
				throw new IllegalStateException();
			}
			return this.misuse != Misuse.GET_BLOCKS;
		}

		@Override
		public @Nullable Object get() throws InterruptedException, ExecutionException {
			if (this.misuse == Misuse.GET_THROWS) {
				throw new IllegalStateException();
			}
			if (this.misuse == Misuse.GET_BLOCKS) {
				new CountDownLatch(1).await();
			}
			if (this.failure != null) {
				throw new ExecutionException(this.failure);
			}
			return null;
		}

		@Override
		public @Nullable Object get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException {
			return get();
		}

	}

}
