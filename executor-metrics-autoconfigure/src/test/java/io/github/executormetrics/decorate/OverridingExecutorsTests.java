// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows: a user's class that overrides submit was passed by; submitCompletable passed by
 * the advice.
 */
class OverridingExecutorsTests {

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	private void assertCountedOnceEach(int tasks) {
		Bench.await().until(() -> this.bench.totals().completed() >= tasks);
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(tasks);
		assertThat(totals.succeeded()).isEqualTo(tasks);
	}

	@Test
	void whenTaskExecutorOverridesThenItsMethodsAreCalledAndEachTaskCountsOnce() throws Exception {
		OverridingTaskExecutor raw = new OverridingTaskExecutor();
		raw.afterPropertiesSet();
		OverridingTaskExecutor executor = this.bench.decorate(this.bench.stopLater(raw), null);
		executor.execute(() -> {
		});
		executor.submit(() -> {
		}).get(20, TimeUnit.SECONDS);
		assertThat(executor.submit(() -> "called").get(20, TimeUnit.SECONDS)).isEqualTo("called");
		executor.submitCompletable(() -> {
		}).get(20, TimeUnit.SECONDS);
		assertThat(executor.submitCompletable(() -> "completed").get(20, TimeUnit.SECONDS)).isEqualTo("completed");
		assertCountedOnceEach(5);
		assertThat(raw.calls).contains("execute", "submit", "submit callable", "submitCompletable",
				"submitCompletable callable");
	}

	@Test
	void whenPoolOverridesThenItsMethodsAreCalledAndEachTaskCountsOnce() throws Exception {
		OverridingPool raw = new OverridingPool();
		OverridingPool pool = this.bench.decorate(this.bench.stopLater(raw), null);
		pool.execute(() -> {
		});
		pool.submit(() -> {
		}).get(20, TimeUnit.SECONDS);
		assertThat(pool.submit(() -> {
		}, "given").get(20, TimeUnit.SECONDS)).isEqualTo("given");
		assertThat(pool.submit(() -> "called").get(20, TimeUnit.SECONDS)).isEqualTo("called");
		assertThat(pool.invokeAll(List.of(() -> "one", () -> "two"))).hasSize(2);
		String any = pool.invokeAny(List.of(() -> "any"));
		assertThat(any).isEqualTo("any");
		assertCountedOnceEach(7);
		assertThat(raw.calls).contains("execute", "submit", "submit result", "submit callable", "invokeAll",
				"invokeAny");
	}

	@Test
	void whenPoolMakesItsOwnFuturesThenCallersGetThemAndItIsLeftAlone() throws Exception {
		OwnFuturesPool pool = this.bench.decorate(this.bench.stopLater(new OwnFuturesPool()), null);
		List<Future<?>> futures = new ArrayList<>();
		futures.add(pool.submit(() -> {
		}));
		futures.add(pool.submit(() -> {
		}, "given"));
		futures.add(pool.submit(() -> "called"));
		futures.addAll(pool.invokeAll(List.of(() -> "one")));
		for (Future<?> future : futures) {
			future.get(20, TimeUnit.SECONDS);
			assertThat(future).isInstanceOf(OwnFuture.class);
		}
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.STATE);
		assertThat(this.bench.monitored().coverageReason()).contains("newTaskFor");
	}

	@Test
	void whenTaskExecutorOnlyOverridesExecuteThenEachWayReachesIt() throws Exception {
		List<String> calls = new CopyOnWriteArrayList<>();
		ExecuteOnly raw = new ExecuteOnly();
		raw.calls = calls;
		raw.afterPropertiesSet();
		ExecuteOnly executor = this.bench.decorate(this.bench.stopLater(raw), null);
		executor.execute(() -> {
		});
		executor.submitCompletable(() -> {
		}).get(20, TimeUnit.SECONDS);
		executor.submitCompletable(() -> "completed").get(20, TimeUnit.SECONDS);
		assertCountedOnceEach(3);
		assertThat(calls).hasSize(3);
	}

	/**
	 * Overrides every way in.
	 */
	public static class OverridingTaskExecutor extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		final transient List<String> calls = new CopyOnWriteArrayList<>();

		@Override
		public void execute(Runnable task) {
			this.calls.add("execute");
			super.execute(task);
		}

		@Override
		public Future<?> submit(Runnable task) {
			this.calls.add("submit");
			return super.submit(task);
		}

		@Override
		public <T> Future<T> submit(Callable<T> task) {
			this.calls.add("submit callable");
			return super.submit(task);
		}

		@Override
		public CompletableFuture<Void> submitCompletable(Runnable task) {
			this.calls.add("submitCompletable");
			return super.submitCompletable(task);
		}

		@Override
		public <T extends @Nullable Object> CompletableFuture<T> submitCompletable(Callable<T> task) {
			this.calls.add("submitCompletable callable");
			return super.submitCompletable(task);
		}

	}

	/**
	 * Overrides one way in.
	 */
	public static class ExecuteOnly extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		transient List<String> calls = List.of();

		@Override
		public void execute(Runnable task) {
			this.calls.add("execute");
			super.execute(task);
		}

	}

	/**
	 * Overrides every way in.
	 */
	public static class OverridingPool extends ThreadPoolExecutor {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		OverridingPool() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Executors.defaultThreadFactory());
		}

		@Override
		public void execute(Runnable task) {
			this.calls.add("execute");
			super.execute(task);
		}

		@Override
		public Future<?> submit(Runnable task) {
			this.calls.add("submit");
			return super.submit(task);
		}

		@Override
		public <T> Future<T> submit(Runnable task, T result) {
			this.calls.add("submit result");
			return super.submit(task, result);
		}

		@Override
		public <T> Future<T> submit(Callable<T> task) {
			this.calls.add("submit callable");
			return super.submit(task);
		}

		@Override
		public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
			this.calls.add("invokeAll");
			return super.invokeAll(tasks);
		}

		@Override
		public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
				throws InterruptedException, ExecutionException {
			this.calls.add("invokeAny");
			return super.invokeAny(tasks);
		}

	}

	/**
	 * Makes its own futures.
	 */
	public static class OwnFuturesPool extends ThreadPoolExecutor {

		OwnFuturesPool() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
			return new OwnFuture<>(task);
		}

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
			return new OwnFuture<>(Executors.callable(task, value));
		}

	}

	/**
	 * A user's own future.
	 */
	static final class OwnFuture<T> extends FutureTask<T> {

		OwnFuture(Callable<T> task) {
			super(task);
		}

	}

}
