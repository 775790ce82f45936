// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.Coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Row: a handler or queue that casts the task to the user's own class. So do methods that
 * a pool calls with each task: they get the user's own, and nothing is half counted.
 */
class TaskHooksTests {

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	@Test
	void whenPoolCastsInBeforeExecuteThenTasksPassAsTheyAre() throws Exception {
		ThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(new CastsBefore()), null);
		assertRuns(pool);
		assertThatServicePasses(pool);
		assertPassed("beforeExecute");
	}

	@Test
	void whenPoolCastsInAfterExecuteThenTasksPassAsTheyAre() throws Exception {
		ThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(new CastsAfter()), null);
		OwnTask task = new OwnTask();
		pool.execute(task);
		Hold.await(task.after);
		assertThatServicePasses(pool);
		assertPassed("afterExecute");
	}

	@Test
	void whenTaskExecutorCastsThenTasksPassAsTheyAre() throws Exception {
		CastingTaskExecutor raw = new CastingTaskExecutor();
		raw.afterPropertiesSet();
		CastingTaskExecutor executor = this.bench.decorate(this.bench.stopLater(raw), null);
		OwnTask task = new OwnTask();
		executor.execute(task);
		Hold.await(task.ran);
		Hold.await(task.after);
		assertThatTaskExecutorPasses(executor);
		assertPassed("beforeExecute");
	}

	@Test
	void whenPassingPoolRefusesThenNothingIsCounted() throws Exception {
		ThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(new CastsBefore()), null);
		RejectedExecutionHandler handler = new ThreadPoolExecutor.AbortPolicy();
		pool.setRejectedExecutionHandler(handler);
		assertThat(pool.getRejectedExecutionHandler()).isSameAs(handler);
		pool.shutdown();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(new OwnTask()));
		assertPassed("beforeExecute");
	}

	// it gets the JDK's own future, with us and without
	@Test
	void whenSchedulersSeeTheirTasksThenTheyAreMeteredAllTheSame() throws Exception {
		SeeingScheduler raw = new SeeingScheduler();
		raw.afterPropertiesSet();
		SeeingScheduler scheduler = this.bench.decorate(this.bench.stopLater(raw), null);
		scheduler.submit(() -> {
		}).get(20, TimeUnit.SECONDS);
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.TASKS);
		assertThat(this.bench.atRest().submitted()).isEqualTo(1);
	}

	@Test
	void whenScheduledPoolDecoratesTasksThenTheyPassAsTheyAre() throws Exception {
		CastingScheduledPool pool = this.bench.decorate(this.bench.stopLater(new CastingScheduledPool()), null);
		OwnTask task = new OwnTask();
		pool.schedule(task, 1, TimeUnit.MILLISECONDS).get(20, TimeUnit.SECONDS);
		Hold.await(task.ran);
		assertPassed("decorateTask");
	}

	@Test
	void whenInnerScheduledPoolDecoratesTasksThenTheyPassAsTheyAre() throws Exception {
		OwnPoolScheduler raw = new OwnPoolScheduler();
		raw.afterPropertiesSet();
		OwnPoolScheduler scheduler = this.bench.decorate(this.bench.stopLater(raw), null);
		// Spring's own wrapper reaches the pool otherwise
		OwnTask task = new OwnTask();
		scheduler.getScheduledExecutor().schedule(task, 1, TimeUnit.MILLISECONDS).get(20, TimeUnit.SECONDS);
		Hold.await(task.ran);
		scheduler.submit(() -> "called").get(20, TimeUnit.SECONDS);
		assertPassed("decorateTask");
	}

	private static void assertRuns(ThreadPoolExecutor pool) {
		OwnTask task = new OwnTask();
		pool.execute(task);
		Hold.await(task.ran);
	}

	private static void assertThatServicePasses(ExecutorService service) throws Exception {
		OwnTask task = new OwnTask();
		service.submit(task).get(20, TimeUnit.SECONDS);
		service.submit(task, "given").get(20, TimeUnit.SECONDS);
		service.submit(() -> "called").get(20, TimeUnit.SECONDS);
		List<Callable<String>> tasks = List.of(() -> "called");
		for (Future<String> future : service.invokeAll(tasks)) {
			future.get(20, TimeUnit.SECONDS);
		}
		service.invokeAll(tasks, 20, TimeUnit.SECONDS);
		service.invokeAny(tasks);
		service.invokeAny(tasks, 20, TimeUnit.SECONDS);
	}

	private static void assertThatTaskExecutorPasses(ThreadPoolTaskExecutor executor) throws Exception {
		OwnTask task = new OwnTask();
		executor.submit(task).get(20, TimeUnit.SECONDS);
		executor.submit(() -> "called").get(20, TimeUnit.SECONDS);
		assertRuns(executor.getThreadPoolExecutor());
		assertThatServicePasses(executor.getThreadPoolExecutor());
	}

	private void assertPassed(String hook) {
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.STATE);
		assertThat(this.bench.monitored().coverageReason()).contains(hook);
		assertThat(this.bench.totals().submitted()).isZero();
		assertThat(this.bench.monitored().rejected()).isZero();
	}

	/**
	 * A user's own task, known by what casts it.
	 */
	static final class OwnTask implements Runnable {

		final CountDownLatch ran = new CountDownLatch(1);

		final CountDownLatch after = new CountDownLatch(1);

		static void cast(Runnable task) {
			if (!(task instanceof Future<?>)) {
				assertThat(((OwnTask) task).ran).isNotNull();
			}
		}

		@Override
		public void run() {
			this.ran.countDown();
		}

	}

	/**
	 * Casts before a task runs.
	 */
	public static class CastsBefore extends ThreadPoolExecutor {

		CastsBefore() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		protected void beforeExecute(Thread thread, Runnable task) {
			OwnTask.cast(task);
		}

	}

	/**
	 * Casts after a task ran.
	 */
	public static class CastsAfter extends ThreadPoolExecutor {

		CastsAfter() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		protected void afterExecute(Runnable task, @Nullable Throwable ex) {
			if (task instanceof OwnTask own) {
				own.after.countDown();
			}
		}

	}

	/**
	 * Spring's pool passes on to these.
	 */
	public static class CastingTaskExecutor extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		@Override
		protected void beforeExecute(Thread thread, Runnable task) {
			OwnTask.cast(task);
		}

		@Override
		protected void afterExecute(Runnable task, @Nullable Throwable ex) {
			if (task instanceof OwnTask own) {
				own.after.countDown();
			}
		}

	}

	/**
	 * Sees its tasks.
	 */
	public static class SeeingScheduler extends ThreadPoolTaskScheduler {

		private static final long serialVersionUID = 1L;

		@Override
		protected void beforeExecute(Thread thread, Runnable task) {
			assertThat(task).isInstanceOf(RunnableScheduledFuture.class);
		}

	}

	/**
	 * Casts what is scheduled.
	 */
	public static class CastingScheduledPool extends ScheduledThreadPoolExecutor {

		CastingScheduledPool() {
			super(1);
		}

		@Override
		protected <V> RunnableScheduledFuture<V> decorateTask(Runnable task, RunnableScheduledFuture<V> future) {
			OwnTask.cast(task);
			return future;
		}

	}

	/**
	 * Brings a pool of its own.
	 */
	public static class OwnPoolScheduler extends ThreadPoolTaskScheduler {

		private static final long serialVersionUID = 1L;

		@Override
		protected ScheduledExecutorService createExecutor(int poolSize, ThreadFactory threadFactory,
				RejectedExecutionHandler handler) {
			return new CastingScheduledPool();
		}

	}

}
