// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing is lost and nothing is counted twice: submitted = completed + cancelled +
 * active, under fire from eight threads with cancellations, errors and refusals. 100,000
 * tasks go through each kind, over all rejection policies together, and a million with
 * the profile {@code long}. Adapters get a fifth of that. Kinds that start a thread for
 * each task get 2,000, and 5,000 with the profile {@code long}. With the profile
 * {@code soak} each kind and each policy gets a million of its own, a kind that starts a
 * thread for each task 200,000.
 */
class ConservationTests {

	private static final int THREADS = 8;

	private static final boolean SOAK = Boolean.getBoolean("conservation.soak");

	private static final int MANY = Integer.getInteger("conservation.tasks", 100_000);

	// over a pool that has had its share
	private static final int FEWER = SOAK ? MANY : MANY / 5;

	// a thread a task
	private static final int FEW = SOAK ? 200_000 : Math.min(5_000, MANY / 50);

	private static final int RING = 256;

	private static final ThreadFactory QUIET = (task) -> {
		Thread thread = new Thread(task, "conservation");
		thread.setDaemon(true);
		thread.setUncaughtExceptionHandler((on, ex) -> {
		});
		return thread;
	};

	private final Bench bench = new Bench();

	private final LongAdder ran = new LongAdder();

	private final LongAdder refused = new LongAdder();

	private final LongAdder cancelled = new LongAdder();

	private final AtomicReferenceArray<@Nullable Future<?>> recent = new AtomicReferenceArray<>(RING);

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	/**
	 * Row: submitted counted before the delegate refused.
	 */
	@ParameterizedTest
	@MethodSource("pools")
	void whenPoolRefusesUnderFireThenTheBalanceHolds(Pool pool, Policy policy) {
		Executor executor = this.bench.decorate(this.bench.stopLater(pool.create(policy)), null);
		fire(SOAK ? MANY : MANY / Policy.values().length + THREADS, (random) -> shoot(executor, random));
		Bench.await()
			.until(() -> this.bench.monitored().sample(System.nanoTime()).queued() == 0
					&& this.bench.monitored().sample(System.nanoTime()).busy() == 0);
		TaskTotals totals = pool.isOpaque() ? this.bench.atRestOnceSettled() : this.bench.atRest();
		assertThat(this.bench.rejected(policy.handling()) + this.bench.rejected(Handling.ABORTED)
				+ this.bench.rejected(Handling.DISCARDED))
			.isGreaterThanOrEqualTo(this.bench.monitored().rejected());
		if (policy == Policy.INLINE) {
			// what the handler runs itself is not metered
			assertThat(totals.completed()).isLessThanOrEqualTo(this.ran.sum());
		}
		else if (!pool.isOpaque() || policy != Policy.RETRYING) {
			assertThat(totals.completed()).isEqualTo(this.ran.sum());
		}
		if (policy != Policy.INLINE) {
			// there a task's own exception passes through the handler as if it were its
			assertThat(this.bench.rejected(Handling.ABORTED)).isEqualTo(this.refused.sum());
		}
	}

	static List<Arguments> pools() {
		List<Arguments> arguments = new ArrayList<>();
		for (Pool pool : Pool.values()) {
			for (Policy policy : Policy.values()) {
				arguments.add(Arguments.of(pool, policy));
			}
		}
		return arguments;
	}

	/**
	 * Row: submitted counted before the delegate refused.
	 */
	@ParameterizedTest
	@EnumSource
	void whenUnderFireThenTheBalanceHolds(Kind kind) {
		fire(kind);
	}

	/**
	 * The same, where the JDK has virtual threads.
	 */
	@ParameterizedTest
	@EnumSource
	@EnabledForJreRange(minVersion = 21)
	void whenOnVirtualThreadsUnderFireThenTheBalanceHolds(VirtualKind kind) {
		fire(kind);
	}

	private void fire(Firing kind) {
		Object raw = kind.create(this.bench);
		Executor executor = (Executor) this.bench.decorate(this.bench.stopLater(raw), kind.declared());
		fire(kind.count(), (random) -> {
			shoot(executor, random);
			if (random.nextInt(2000) == 0) {
				// lets the workers come up with the submitters
				CountDownLatch passed = new CountDownLatch(1);
				executor.execute(passed::countDown);
				Hold.await(passed);
				this.ran.increment();
			}
		});
		TaskTotals totals;
		if (kind == Kind.FORK_JOIN_POOL) {
			((ExecutorService) raw).shutdown();
		}
		else {
			Bench.await().until(() -> isQuiet(executor));
		}
		totals = kind.hidesCancelled() ? this.bench.atRestOnceSettled() : this.bench.atRest();
		if (kind.hasForeignFutures()) {
			// a future that was cancelled before it ran is run by its executor all the
			// same
			assertThat(totals.completed()).isBetween(this.ran.sum(), this.ran.sum() + this.cancelled.sum());
		}
		else {
			assertThat(totals.completed()).isEqualTo(this.ran.sum());
		}
		assertThat(this.bench.monitored().rejected()).isZero();
	}

	/**
	 * Behind everything that still stands in a queue.
	 */
	private boolean isQuiet(Executor executor) {
		long before = this.ran.sum();
		CountDownLatch passed = new CountDownLatch(1);
		executor.execute(passed::countDown);
		Hold.await(passed);
		this.ran.increment();
		return this.ran.sum() == before + 1;
	}

	/**
	 * Row: submitted counted before the delegate refused.
	 */
	@ParameterizedTest
	@EnumSource
	void whenShutDownNowUnderFireThenTheBalanceHolds(Stopping kind) {
		ExecutorService service = this.bench.decorate(this.bench.stopLater(kind.create()), kind.declared());
		AtomicInteger shots = new AtomicInteger();
		List<Runnable> handedBack = new ArrayList<>();
		fire(100_000, (random) -> {
			if (shots.incrementAndGet() == 50_000) {
				handedBack.addAll(service.shutdownNow());
			}
			shoot(service, random);
		});
		Bench.await().until(service::isTerminated);
		TaskTotals totals = (kind == Stopping.SCHEDULED_THREAD_POOL_EXECUTOR) ? this.bench.atRestOnceSettled()
				: this.bench.atRest();
		assertThat(totals.completed()).isEqualTo(this.ran.sum());
		assertThat(this.bench.rejected(Handling.ABORTED)).isEqualTo(this.refused.sum()).isPositive();
	}

	private void fire(int count, Consumer<SplittableRandom> shot) {
		AtomicInteger firing = new AtomicInteger(1);
		List<String> wrong = new ArrayList<>();
		Thread sampler = new Thread(() -> {
			long submitted = 0;
			long finished = 0;
			while (firing.get() != 0) {
				TaskTotals totals = this.bench.totals();
				if (totals.active() < 0 || totals.running() < 0 || totals.submitted() < submitted
						|| totals.completed() + totals.cancelled() < finished) {
					wrong.add(totals.toString());
				}
				submitted = totals.submitted();
				finished = totals.completed() + totals.cancelled();
				LockSupport.parkNanos(20_000);
			}
		}, "sampler");
		sampler.start();
		try {
			Fire.from(THREADS, count / THREADS, shot);
		}
		finally {
			firing.set(0);
		}
		try {
			sampler.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		assertThat(wrong).isEmpty();
	}

	private void shoot(Executor executor, SplittableRandom random) {
		int kind = random.nextInt(16);
		int fate = random.nextInt(512);
		try {
			if (kind < 6) {
				executor.execute(() -> run(fate));
			}
			else {
				Future<?> future = submit(executor, kind, fate);
				cancelSome(future, kind, random.nextInt(RING));
			}
		}
		catch (RejectedExecutionException ex) {
			// a task that ran on this thread may have thrown it, and Spring wrapped it
			if (!(ex instanceof TaskRejection) && !(ex.getCause() instanceof TaskRejection)) {
				this.refused.increment();
			}
		}
		catch (Fire.Expected ex) {
			// thrown by a task that ran on this thread
		}
	}

	private void cancelSome(Future<?> future, int kind, int place) {
		if (kind == 6 || kind == 7) {
			cancel(future, kind == 6);
		}
		else {
			Future<?> older = this.recent.getAndSet(place, future);
			if (older != null && (kind & 1) == 0) {
				cancel(older, false);
			}
		}
	}

	private void cancel(Future<?> future, boolean mayInterruptIfRunning) {
		if (future.cancel(mayInterruptIfRunning)) {
			this.cancelled.increment();
		}
	}

	private Future<?> submit(Executor executor, int kind, int fate) {
		Callable<Integer> call = () -> {
			run(fate);
			return fate;
		};
		Runnable run = () -> run(fate);
		if (executor instanceof AsyncTaskExecutor tasks) {
			return (kind < 12) ? tasks.submit(run) : tasks.submit(call);
		}
		if (executor instanceof ExecutorService service) {
			return (kind < 12) ? service.submit(run) : (kind == 12) ? service.submit(run, 1) : service.submit(call);
		}
		return new ServiceOver(executor).submit(call);
	}

	private void run(int fate) {
		this.ran.increment();
		if (fate == 0) {
			throw new TaskRejection();
		}
		if (fate == 1) {
			throw new Fire.Expected();
		}
		if (fate < 8) {
			Thread.yield();
		}
	}

	private static ThreadPoolTaskExecutor initialized(ThreadPoolTaskExecutor executor, Policy policy) {
		executor.setCorePoolSize(2);
		executor.setMaxPoolSize(3);
		executor.setQueueCapacity(16);
		executor.setThreadFactory(QUIET);
		executor.setRejectedExecutionHandler(policy.handler());
		executor.afterPropertiesSet();
		return executor;
	}

	private static ThreadPoolExecutor pool() {
		return new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), QUIET);
	}

	/**
	 * Thrown by a task, not by its executor.
	 */
	private static final class TaskRejection extends RejectedExecutionException {

		private static final long serialVersionUID = 1L;

		@Override
		public synchronized Throwable fillInStackTrace() {
			return this;
		}

	}

	/**
	 * Makes futures where an executor has none.
	 */
	private static final class ServiceOver extends AbstractExecutorService {

		private final Executor executor;

		ServiceOver(Executor executor) {
			this.executor = executor;
		}

		@Override
		public void execute(Runnable task) {
			this.executor.execute(task);
		}

		@Override
		public void shutdown() {
		}

		@Override
		public List<Runnable> shutdownNow() {
			return List.of();
		}

		@Override
		public boolean isShutdown() {
			return false;
		}

		@Override
		public boolean isTerminated() {
			return false;
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) {
			return false;
		}

	}

	/**
	 * Pools with a rejection handler.
	 */
	enum Pool {

		THREAD_POOL_TASK_EXECUTOR((policy) -> initialized(new ThreadPoolTaskExecutor(), policy)),

		WITH_TASK_DECORATOR((policy) -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setTaskDecorator((task) -> () -> task.run());
			return initialized(executor, policy);
		}),

		USERS_THREAD_POOL_TASK_EXECUTOR(
				(policy) -> initialized(new UserExecutors.OwnThreadPoolTaskExecutor(null), policy)),

		THREAD_POOL_EXECUTOR((policy) -> new ThreadPoolExecutor(2, 3, 1, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(16), QUIET, policy.handler())),

		USERS_THREAD_POOL_EXECUTOR((policy) -> new UserExecutors.OwnThreadPoolExecutor(new LinkedBlockingQueue<>(16),
				QUIET, policy.handler()));

		private final Function<Policy, Executor> factory;

		Pool(Function<Policy, Executor> factory) {
			this.factory = factory;
		}

		Executor create(Policy policy) {
			return this.factory.apply(policy);
		}

		/**
		 * Whether the handler and the queue get what is not ours, so that drops are
		 * counted at rest.
		 */
		boolean isOpaque() {
			return this == WITH_TASK_DECORATOR;
		}

	}

	/**
	 * What goes under fire.
	 */
	interface Firing {

		Object create(Bench bench);

		@Nullable Class<?> declared();

		int count();

		/**
		 * Whether the executor makes its futures itself, and what is cancelled in its
		 * queue is known once it has ended.
		 */
		boolean hidesCancelled();

		/**
		 * Whether what runs is a future of somebody else's: cancelled in the instant
		 * between our look and its run, it counts as completed.
		 */
		default boolean hasForeignFutures() {
			return false;
		}

	}

	/**
	 * Those that refuse nothing.
	 */
	enum Kind implements Firing {

		THREAD_POOL_TASK_SCHEDULER(null, MANY, (bench) -> {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setPoolSize(2);
			scheduler.setThreadFactory(QUIET);
			scheduler.setErrorHandler((ex) -> {
			});
			scheduler.afterPropertiesSet();
			return scheduler;
		}),

		SCHEDULED_THREAD_POOL_EXECUTOR(null, MANY, (bench) -> new ScheduledThreadPoolExecutor(2, QUIET)),

		USERS_SCHEDULED_THREAD_POOL_EXECUTOR(null, FEWER,
				(bench) -> new UserExecutors.OwnScheduledThreadPoolExecutor(QUIET)),

		SINGLE_THREAD_EXECUTOR(ExecutorService.class, MANY, (bench) -> Executors.newSingleThreadExecutor(QUIET)),

		SINGLE_THREAD_SCHEDULED_EXECUTOR(ScheduledExecutorService.class, MANY,
				(bench) -> Executors.newSingleThreadScheduledExecutor(QUIET)),

		USERS_EXECUTOR_SERVICE(null, MANY, (bench) -> new UserExecutors.OwnExecutorService(bench.stopLater(pool()))),

		FORK_JOIN_POOL(ExecutorService.class, MANY, (bench) -> new ForkJoinPool(2)),

		TASK_EXECUTOR_ADAPTER(null, FEWER, (bench) -> new TaskExecutorAdapter(bench.stopLater(pool()))),

		CONCURRENT_TASK_EXECUTOR(null, FEWER, (bench) -> new ConcurrentTaskExecutor(bench.stopLater(pool()))),

		CONCURRENT_TASK_SCHEDULER(null, FEWER, (bench) -> {
			ConcurrentTaskScheduler scheduler = new ConcurrentTaskScheduler(
					bench.stopLater(new ScheduledThreadPoolExecutor(2, QUIET)));
			scheduler.setErrorHandler((ex) -> {
			});
			return scheduler;
		}),

		INLINE(Executor.class, MANY, (bench) -> (Executor) (task) -> task.run()),

		LAMBDA(Executor.class, FEW, (bench) -> (Executor) (task) -> QUIET.newThread(task).start()),

		SIMPLE_ASYNC_TASK_EXECUTOR(null, FEW, (bench) -> quiet(new SimpleAsyncTaskExecutor())),

		THROTTLED_SIMPLE_ASYNC_TASK_EXECUTOR(null, FEW, (bench) -> {
			SimpleAsyncTaskExecutor executor = quiet(new SimpleAsyncTaskExecutor());
			executor.setConcurrencyLimit(4);
			return executor;
		}),

		USERS_SIMPLE_ASYNC_TASK_EXECUTOR(null, FEW, (bench) -> quiet(new UserExecutors.OwnSimpleAsyncTaskExecutor())),

		SIMPLE_ASYNC_TASK_SCHEDULER(null, FEW, (bench) -> quiet(new SimpleAsyncTaskScheduler())),

		USERS_SIMPLE_ASYNC_TASK_SCHEDULER(null, FEW, (bench) -> quiet(new UserExecutors.OwnSimpleAsyncTaskScheduler()));

		// a fork/join pool's futures and a scheduler's are the JDK's own
		private static final Set<String> HIDING = Set.of("FORK_JOIN_POOL", "THREAD_POOL_TASK_SCHEDULER",
				"SCHEDULED_THREAD_POOL_EXECUTOR", "USERS_SCHEDULED_THREAD_POOL_EXECUTOR", "CONCURRENT_TASK_SCHEDULER");

		private static final Set<Kind> FOREIGN = EnumSet.of(INLINE, LAMBDA, USERS_SIMPLE_ASYNC_TASK_EXECUTOR,
				USERS_SIMPLE_ASYNC_TASK_SCHEDULER);

		private final @Nullable Class<?> declared;

		private final int count;

		private final Function<Bench, Object> factory;

		Kind(@Nullable Class<?> declared, int count, Function<Bench, Object> factory) {
			this.declared = declared;
			this.count = count;
			this.factory = factory;
		}

		private static <T extends SimpleAsyncTaskExecutor> T quiet(T executor) {
			executor.setThreadFactory(QUIET);
			if (executor instanceof SimpleAsyncTaskScheduler scheduler) {
				scheduler.setErrorHandler((ex) -> {
				});
			}
			return executor;
		}

		@Override
		public Object create(Bench bench) {
			return this.factory.apply(bench);
		}

		@Override
		public @Nullable Class<?> declared() {
			return this.declared;
		}

		@Override
		public int count() {
			return this.count;
		}

		@Override
		public boolean hidesCancelled() {
			return HIDING.contains(name());
		}

		@Override
		public boolean hasForeignFutures() {
			return FOREIGN.contains(this);
		}

	}

	/**
	 * Those on virtual threads.
	 */
	enum VirtualKind implements Firing {

		VIRTUAL_THREAD_PER_TASK_EXECUTOR {

			@Override
			public Object create(Bench bench) {
				try {
					return Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
				}
				catch (ReflectiveOperationException ex) {
					throw new IllegalStateException(ex);
				}
			}

			@Override
			public @Nullable Class<?> declared() {
				return ExecutorService.class;
			}

		},

		SIMPLE_ASYNC_TASK_EXECUTOR {

			@Override
			public Object create(Bench bench) {
				SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
				executor.setVirtualThreads(true);
				return executor;
			}

		};

		@Override
		public @Nullable Class<?> declared() {
			return null;
		}

		@Override
		public int count() {
			return MANY;
		}

		@Override
		public boolean hidesCancelled() {
			return false;
		}

	}

	/**
	 * Those that are stopped while tasks come.
	 */
	enum Stopping {

		THREAD_POOL_EXECUTOR {

			@Override
			ExecutorService create() {
				return pool();
			}

		},

		USERS_THREAD_POOL_EXECUTOR {

			@Override
			ExecutorService create() {
				return new UserExecutors.OwnThreadPoolExecutor(new LinkedBlockingQueue<>(), QUIET,
						Policy.ABORT.handler());
			}

		},

		SCHEDULED_THREAD_POOL_EXECUTOR {

			@Override
			ExecutorService create() {
				return new ScheduledThreadPoolExecutor(2, QUIET);
			}

		},

		SINGLE_THREAD_EXECUTOR {

			@Override
			ExecutorService create() {
				return Executors.newSingleThreadExecutor(QUIET);
			}

			@Override
			@Nullable Class<?> declared() {
				return ExecutorService.class;
			}

		};

		abstract ExecutorService create();

		@Nullable Class<?> declared() {
			return null;
		}

	}

}
