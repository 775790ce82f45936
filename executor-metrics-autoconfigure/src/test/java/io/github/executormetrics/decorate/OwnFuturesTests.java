// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Row: a user's class that overrides submit was passed by. One that makes its own futures
 * makes them from the user's own task, wherever it stands.
 */
class OwnFuturesTests {

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	@Test
	void whenPoolLooksAtTheTaskThenCallersGetTheFutureItMakes() throws Exception {
		ThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(new CancellingPool()), null);
		assertMakesFutures(pool, Coverage.STATE);
	}

	@Test
	void whenServiceLooksAtTheTaskThenCallersGetTheFutureItMakes() throws Exception {
		assertMakesFutures(this.bench.decorate(this.bench.stopLater(new CancellingService()), null), Coverage.NONE);
	}

	@Test
	void whenServiceIsKnownByInterfaceAndLooksAtTheTaskThenCallersGetTheFutureItMakes() throws Exception {
		assertMakesFutures(this.bench.decorate((ExecutorService) this.bench.stopLater(new HiddenService()), null),
				Coverage.NONE);
	}

	@Test
	void whenServiceIsKnownByInterfaceAndOverridesSubmitThenItIsCalled() throws Exception {
		SubmittingService raw = this.bench.stopLater(new SubmittingService());
		ExecutorService service = this.bench.decorate((ExecutorService) raw, null);
		assertThat(service.submit(() -> "called").get(20, TimeUnit.SECONDS)).isEqualTo("called");
		assertThat(raw.calls).containsExactly("submit callable");
		assertCounted(1);
	}

	@Test
	void whenFuturesCompareThenPoolsQueueOrdersThem() throws Exception {
		ThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(new RankingPool()), null);
		List<Integer> order = new CopyOnWriteArrayList<>();
		try (Hold hold = Hold.on(pool)) {
			for (int rank : new int[] { 3, 1, 2 }) {
				pool.submit(new Ranked(rank, order));
			}
		}
		Bench.await().until(() -> order.size() == 3);
		assertThat(order).containsExactly(1, 2, 3);
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.STATE);
	}

	private void assertMakesFutures(ExecutorService service, Coverage coverage) throws Exception {
		Future<Integer> future = service.submit(new Cancellable(1));
		assertThat(future).isInstanceOf(CancellableFuture.class);
		assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo(1);
		assertThat(service.submit(() -> "plain").get(20, TimeUnit.SECONDS)).isEqualTo("plain");
		service.submit(() -> {
		}, "given").get(20, TimeUnit.SECONDS);
		for (Future<Integer> each : service.invokeAll(List.of(new Cancellable(1)))) {
			assertThat(each).isInstanceOf(CancellableFuture.class);
		}
		assertThat(service.invokeAny(List.of(new Cancellable(7)))).isEqualTo(7);
		assertThat(this.bench.monitored().coverage()).isEqualTo(coverage);
		assertThat(this.bench.monitored().coverageReason()).contains("newTaskFor");
	}

	private void assertCounted(int tasks) {
		Bench.await().until(() -> this.bench.totals().completed() >= tasks);
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.TASKS);
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(tasks);
		assertThat(totals.succeeded()).isEqualTo(tasks);
	}

	private static <T> RunnableFuture<T> futureOf(Callable<T> task) {
		return (task instanceof Cancellable) ? new CancellableFuture<>(task) : new FutureTask<>(task);
	}

	/**
	 * A user's own task, which has a future of its own.
	 */
	record Cancellable(int value) implements Callable<Integer> {

		@Override
		public Integer call() {
			return this.value;
		}

	}

	static final class CancellableFuture<T> extends FutureTask<T> {

		CancellableFuture(Callable<T> task) {
			super(task);
		}

	}

	public static class CancellingPool extends ThreadPoolExecutor {

		CancellingPool() {
			this(new LinkedBlockingQueue<>());
		}

		CancellingPool(BlockingQueue<Runnable> queue) {
			super(1, 1, 0, TimeUnit.SECONDS, queue);
		}

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
			return futureOf(task);
		}

	}

	public static class CancellingService extends UserExecutors.OwnExecutorService {

		CancellingService() {
			super(Executors.newSingleThreadExecutor());
		}

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
			return futureOf(task);
		}

	}

	/**
	 * Nobody can ask for it by its class.
	 */
	static class HiddenService extends CancellingService {

	}

	/**
	 * Nobody can ask for it by its class.
	 */
	static class SubmittingService extends UserExecutors.OwnExecutorService {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		SubmittingService() {
			super(Executors.newSingleThreadExecutor());
		}

		@Override
		public <T> Future<T> submit(Callable<T> task) {
			this.calls.add("submit callable");
			return super.submit(task);
		}

	}

	/**
	 * Has submit methods of its own.
	 */
	public static class SubmittingPool extends ThreadPoolExecutor {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		SubmittingPool() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
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

	}

	/**
	 * Has all of its own.
	 */
	public static class SubmittingCancellingPool extends SubmittingPool {

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
			return futureOf(task);
		}

	}

	/**
	 * A task that compares by its rank, once its future is made of it.
	 */
	record Ranked(int rank, List<Integer> order, Runnable work) implements Callable<Integer> {

		Ranked(int rank, List<Integer> order) {
			this(rank, order, () -> {
			});
		}

		@Override
		public Integer call() {
			this.work.run();
			this.order.add(this.rank);
			return this.rank;
		}

	}

	static final class RankedFuture<T> extends FutureTask<T> implements Comparable<RankedFuture<?>> {

		private final int rank;

		RankedFuture(Callable<T> task) {
			super(task);
			this.rank = ((Ranked) task).rank();
		}

		@Override
		public int compareTo(RankedFuture<?> other) {
			return Integer.compare(this.rank, other.rank);
		}

	}

	public static class RankingPool extends CancellingPool {

		RankingPool() {
			super(new PriorityBlockingQueue<>());
		}

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
			return new RankedFuture<>(task);
		}

	}

}
