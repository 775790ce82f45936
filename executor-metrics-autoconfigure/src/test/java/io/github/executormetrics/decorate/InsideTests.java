// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.security.concurrent.DelegatingSecurityContextExecutor;
import org.springframework.security.concurrent.DelegatingSecurityContextExecutorService;
import org.springframework.security.task.DelegatingSecurityContextAsyncTaskExecutor;
import org.springframework.test.util.ReflectionTestUtils;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Spring's executors and schedulers stay the objects that their user created, and so do
 * its adapters: the pool inside is metered.
 */
class InsideTests {

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	private <T extends ThreadPoolTaskExecutor> T decorated(T executor) {
		executor.afterPropertiesSet();
		T decorated = this.bench.decorate(this.bench.stopLater(executor), null);
		assertThat(decorated).isSameAs(executor);
		return executor;
	}

	private <T extends ThreadPoolTaskScheduler> T decorated(T scheduler) {
		scheduler.afterPropertiesSet();
		T decorated = this.bench.decorate(this.bench.stopLater(scheduler), null);
		assertThat(decorated).isSameAs(scheduler);
		return scheduler;
	}

	/**
	 * Row: ReflectionTestUtils.getField(bean, "corePoolSize").
	 */
	@Test
	void whenFieldsAreReadThenTheyAreAsSet() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(3);
		executor.setThreadNamePrefix("orders-");
		decorated(executor);
		assertThat(ReflectionTestUtils.getField(executor, "corePoolSize")).isEqualTo(3);
		assertThat(executor).extracting("threadNamePrefix", "queueCapacity")
			.containsExactly("orders-", Integer.MAX_VALUE);
		assertThat(ReflectionTestUtils.getField(executor, "threadPoolExecutor"))
			.isSameAs(executor.getThreadPoolExecutor())
			.isSameAs(ReflectionTestUtils.getField(executor, "executor"));
	}

	/**
	 * Row: a subclass's own method that calls execute.
	 */
	@Test
	void whenSubclassSubmitsToItselfThenCounted() throws Exception {
		Submitting executor = decorated(new Submitting());
		executor.own(() -> {
		}).get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().completed()).isEqualTo(2);
	}

	@Test
	void whenBeanIsInitializedAgainThenTheNewPoolIsMeteredWithTheNextReading() throws Exception {
		ThreadPoolTaskExecutor executor = decorated(new ThreadPoolTaskExecutor());
		ThreadPoolExecutor before = executor.getThreadPoolExecutor();
		executor.submit(() -> "before").get(20, TimeUnit.SECONDS);
		executor.destroy();
		executor.initialize();
		this.bench.monitored().settleAndSample(System.nanoTime());
		assertThat(executor.getThreadPoolExecutor()).isNotSameAs(before).isInstanceOf(MeteredThreadPoolExecutor.class);
		assertThat(ReflectionTestUtils.getField(executor, "executor")).isSameAs(executor.getThreadPoolExecutor());
		executor.submit(() -> "after").get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().completed()).isEqualTo(2);
		try (Hold hold = Hold.on(executor)) {
			assertThat(this.bench.monitored().sample(System.nanoTime()).busy()).isEqualTo(1);
		}
	}

	@Test
	void whenSchedulerIsInitializedAgainThenTheNewPoolIsMeteredWithTheNextReading() throws Exception {
		ThreadPoolTaskScheduler scheduler = decorated(new ThreadPoolTaskScheduler());
		scheduler.destroy();
		scheduler.initialize();
		this.bench.monitored().settleAndSample(System.nanoTime());
		scheduler.schedule(() -> {
		}, Instant.now()).get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().completed()).isEqualTo(1);
	}

	@Test
	void whenDecoratedBeforeItIsInitializedThenMeteredOnceItIs() throws Exception {
		ThreadPoolTaskExecutor executor = this.bench.stopLater(new ThreadPoolTaskExecutor());
		assertThat(this.bench.decorate(executor, null)).isSameAs(executor);
		assertThat(this.bench.monitored().sample(System.nanoTime()).busy()).isZero();
		executor.afterPropertiesSet();
		this.bench.monitored().settleAndSample(System.nanoTime());
		executor.submit(() -> "done").get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().completed()).isEqualTo(1);
	}

	// taking turns, each context would take the pool from the other with each tick
	@Test
	void whenAnotherContextHasTheSameObjectThenTheLastOneCountsAndTheFirstSaysSo() throws Exception {
		ThreadPoolTaskExecutor executor = decorated(new ThreadPoolTaskExecutor());
		Bench other = new Bench();
		assertThat(other.decorate(executor, null)).isSameAs(executor);
		this.bench.monitored().settleAndSample(System.nanoTime());
		other.monitored().settleAndSample(System.nanoTime());
		executor.submit(() -> "done").get(20, TimeUnit.SECONDS);
		assertThat(other.atRest().completed()).isEqualTo(1);
		assertThat(this.bench.totals().submitted()).isZero();
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.STATE);
		assertThat(this.bench.monitored().coverageReason()).contains("another application context");
		try (Hold hold = Hold.on(executor)) {
			assertThat(this.bench.monitored().sample(System.nanoTime()).busy()).isEqualTo(1);
		}
	}

	@Test
	void whenSubclassKeepsAPoolOfItsOwnThenItIsLeftAloneWithItsState() throws Exception {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		UserExecutors.OwnPoolTaskExecutor executor = decorated(new UserExecutors.OwnPoolTaskExecutor(pool));
		assertThat(executor.getThreadPoolExecutor()).isSameAs(pool);
		assertThat(executor.submit(() -> "done").get(20, TimeUnit.SECONDS)).isEqualTo("done");
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.STATE);
		assertThat(this.bench.monitored().coverageReason()).contains("a pool of its own");
		try (Hold hold = Hold.on(executor)) {
			executor.execute(() -> {
			});
			assertThat(this.bench.monitored().sample(System.nanoTime()).busy()).isEqualTo(1);
			assertThat(this.bench.monitored().sample(System.nanoTime()).queued()).isEqualTo(1);
		}
	}

	@Test
	void whenSchedulerBringsAServiceOfTheJdkThenItIsMetered() throws Exception {
		ThreadPoolTaskScheduler scheduler = decorated(new ServiceScheduler());
		scheduler.submit(() -> "done").get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().completed()).isEqualTo(1);
	}

	@Test
	void whenRefusedThenTheExceptionIsSpringsAndCountedOnce() {
		ThreadPoolTaskExecutor executor = decorated(new ThreadPoolTaskExecutor());
		executor.shutdown();
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> executor.execute(() -> {
		}));
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> executor.submit(() -> "done"));
		assertThat(this.bench.monitored().rejected()).isEqualTo(2);
		assertThat(this.bench.totals().submitted()).isZero();
	}

	/**
	 * Row: 50 submits to a scheduler behind two busy workers, all cancelled.
	 */
	@Test
	void whenSubmitsToABusySchedulerAreCancelledThenEachCountsAsSubmittedAndCancelled() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setPoolSize(2);
		decorated(scheduler);
		try (Hold first = Hold.on(scheduler); Hold second = Hold.on(scheduler)) {
			List<Future<?>> futures = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				futures.add(scheduler.submit(() -> {
				}));
			}
			assertThat(this.bench.totals().submitted()).isEqualTo(52);
			assertThat(this.bench.monitored().sample(System.nanoTime()).queued()).isEqualTo(50);
			futures.forEach((future) -> future.cancel(false));
			assertThat(this.bench.monitored().sample(System.nanoTime()).queued()).isZero();
		}
		TaskTotals totals = this.bench.atRestOnceSettled();
		assertThat(totals.submitted()).isEqualTo(52);
		assertThat(totals.cancelled()).isEqualTo(50);
		assertThat(totals.completed()).isEqualTo(2);
	}

	// Spring's own object asks the trigger and hands itself over, within its error
	// handler
	@Test
	void whenTaskWithTriggerFailsThenItsErrorsAreCountedAndItsFutureStaysTheUsers() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		AtomicInteger handled = new AtomicInteger();
		scheduler.setErrorHandler((ex) -> handled.incrementAndGet());
		decorated(scheduler);
		AtomicInteger asked = new AtomicInteger();
		Trigger trigger = (context) -> (asked.incrementAndGet() <= 3) ? Instant.now() : Instant.now().plusSeconds(3600);
		ScheduledFuture<?> future = scheduler.schedule(() -> {
			throw new IllegalStateException("expected");
		}, trigger);
		Bench.await().until(() -> this.bench.totals().failed() == 3 && asked.get() == 4);
		assertThat(handled).hasValue(3);
		Bench.await().until(() -> future.getDelay(TimeUnit.MINUTES) > 50);
		assertThat(future.isCancelled()).isFalse();
		future.cancel(false);
		assertThat(future.isCancelled()).isTrue();
		assertThat(scheduler.getScheduledThreadPoolExecutor().getQueue())
			.allMatch((queued) -> ((Future<?>) queued).isCancelled());
		assertThat(asked).as("asked as often as unmetered").hasValue(4);
	}

	@Test
	void whenTriggerEndsThenItsFutureIsNullAsUndecorated() {
		ThreadPoolTaskScheduler scheduler = decorated(new ThreadPoolTaskScheduler());
		Object future = scheduler.schedule(() -> {
		}, (Trigger) (context) -> null);
		assertThat(future).isNull();
		assertThat(this.bench.totals().submitted()).isZero();
	}

	/**
	 * Row: new ConcurrentTaskExecutor(Executors.newFixedThreadPool(2)), 20 tasks that
	 * block.
	 */
	@Test
	void whenTasksBlockBehindAnAdapterThenItsQueueIsSeen() {
		ExecutorService pool = this.bench.stopLater(Executors.newFixedThreadPool(2));
		assertBacklogIsSeen(new ConcurrentTaskExecutor(pool));
	}

	@Test
	void whenTasksBlockBehindATaskExecutorAdapterThenItsQueueIsSeen() {
		ExecutorService pool = this.bench.stopLater(Executors.newFixedThreadPool(2));
		assertBacklogIsSeen(new TaskExecutorAdapter(pool));
	}

	@Test
	void whenTasksBlockBehindAConcurrentTaskSchedulerThenItsQueueIsSeen() {
		ScheduledExecutorService pool = this.bench.stopLater(new ScheduledThreadPoolExecutor(2));
		assertBacklogIsSeen(new ConcurrentTaskScheduler(pool));
	}

	private void assertBacklogIsSeen(AsyncTaskExecutor adapter) {
		assertThat(this.bench.decorate(adapter, null)).isSameAs(adapter);
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.TASKS);
		CountDownLatch end = new CountDownLatch(1);
		for (int i = 0; i < 20; i++) {
			adapter.submit(() -> Hold.await(end));
		}
		Bench.await().until(() -> this.bench.totals().running() == 2);
		assertThat(this.bench.monitored().sample(System.nanoTime()).queued()).isEqualTo(18);
		assertThat(this.bench.monitored().sample(System.nanoTime()).limit()).isEqualTo(2);
		assertThat(this.bench.monitored().sample(System.nanoTime()).oldestNanos()).isPositive();
		assertThat(this.bench.totals().active()).isEqualTo(20);
		end.countDown();
		assertThat(this.bench.atRest().completed()).isEqualTo(20);
	}

	@Test
	void whenAnExecutorPassesTasksOnThenItNamesTheOneThatCounts() throws Exception {
		ThreadPoolTaskExecutor executor = decorated(new ThreadPoolTaskExecutor());
		AsyncTaskExecutor lambda = (task) -> executor.execute(() -> task.run());
		PassingOn own = new PassingOn(executor);
		for (AsyncTaskExecutor passing : List.of(lambda, own, new PassingOn(new PassingOn(executor)),
				new PassingOn(new TaskExecutorAdapter(executor.getThreadPoolExecutor())))) {
			Bench other = this.bench.sharing("passing " + System.identityHashCode(passing));
			assertThat(other.decorate(passing, AsyncTaskExecutor.class)).isSameAs(passing);
			passing.submit(() -> "done").get(20, TimeUnit.SECONDS);
			assertThat(other.monitored().coverage()).isEqualTo(Coverage.NONE);
			assertThat(other.monitored().coverageReason()).contains("counted at 'executor'");
			assertThat(other.totals().submitted()).isZero();
		}
		assertThat(this.bench.atRest().completed()).isEqualTo(4);
	}

	@Test
	void whenExecutorsOfLibrariesPassTasksOnThenTheyNameTheOneThatCounts() throws Exception {
		ThreadPoolTaskExecutor executor = decorated(new ThreadPoolTaskExecutor());
		ExecutorService propagating = ContextExecutorService.wrap(executor.getThreadPoolExecutor(),
				() -> ContextSnapshotFactory.builder().build().captureAll());
		for (Executor passing : List.of(new DelegatingSecurityContextExecutor(executor),
				new DelegatingSecurityContextAsyncTaskExecutor(executor),
				new DelegatingSecurityContextExecutorService(executor.getThreadPoolExecutor()), propagating)) {
			Bench other = this.bench.sharing(passing.getClass().getSimpleName());
			assertThat(other.<Object>decorate(passing, null)).isSameAs(passing);
			assertThat(other.monitored().coverage()).isEqualTo(Coverage.NONE);
			assertThat(other.monitored().coverageReason()).contains("counted at 'executor'");
		}
	}

	/**
	 * Has a method that submits.
	 */
	static class Submitting extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		final Future<?> own(Runnable task) {
			execute(task);
			return submit(task);
		}

	}

	/**
	 * Brings no pool but a service.
	 */
	static class ServiceScheduler extends ThreadPoolTaskScheduler {

		private static final long serialVersionUID = 1L;

		@Override
		protected ScheduledExecutorService createExecutor(int poolSize, ThreadFactory threadFactory,
				RejectedExecutionHandler rejectedExecutionHandler) {
			return Executors.newSingleThreadScheduledExecutor(threadFactory);
		}

	}

	/**
	 * Hands its tasks to another.
	 */
	static class PassingOn implements AsyncTaskExecutor {

		private final AsyncTaskExecutor delegate;

		PassingOn(AsyncTaskExecutor delegate) {
			this.delegate = delegate;
		}

		@Override
		public void execute(Runnable task) {
			this.delegate.execute(task);
		}

	}

}
