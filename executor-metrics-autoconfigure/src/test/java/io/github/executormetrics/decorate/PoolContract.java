// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds where users reach a {@link ThreadPoolExecutor}.
 *
 * @param <E> the type by which users know the executor
 */
interface PoolContract<E extends Executor> extends QueueContract<E> {

	/**
	 * The pool that users reach through the executor.
	 * @param executor decorated or not
	 * @return the executor itself, or what its getter gives
	 */
	ThreadPoolExecutor pool(E executor);

	@Override
	default ExecutorService service(E executor) {
		return pool(executor);
	}

	/**
	 * Row: purge() and remove() stopped working.
	 */
	@Test
	default void whenQueuedAreCancelledThenPurgeEmptiesTheQueue() {
		int left = purge(pool(decorated()));
		assertThat(left).isEqualTo(purge(pool(twin())));
		assertThat(left).isEqualTo(isQueueOpaque() ? QUEUED : 0);
		TaskTotals totals = seesDrops() ? bench().atRest() : bench().atRestOnceSettled();
		assertThat(totals.cancelled()).isEqualTo(countsStartedOnly() ? 0 : QUEUED);
	}

	private static int purge(ThreadPoolExecutor pool) {
		try (Hold hold = Hold.on(pool)) {
			for (Future<?> future : submit(pool)) {
				future.cancel(false);
			}
			pool.purge();
			return pool.getQueue().size();
		}
	}

	private static List<Future<?>> submit(ExecutorService service) {
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < QUEUED; i++) {
			futures.add(service.submit(() -> {
			}));
		}
		return futures;
	}

	/**
	 * Row: purge() and remove() stopped working.
	 */
	@Test
	default void whenQueuedThenRemoveFindsFutureAndTaskAsUndecorated() {
		List<Boolean> removed = remove(pool(decorated()));
		assertThat(removed).isEqualTo(remove(pool(twin())));
		assertThat(removed.get(0)).isEqualTo(!isQueueOpaque());
		TaskTotals totals = seesDrops() ? bench().atRest() : bench().atRestOnceSettled();
		assertThat(totals.cancelled()).isEqualTo(countsStartedOnly() ? 0 : removed.stream().filter((r) -> r).count());
	}

	private static List<Boolean> remove(ThreadPoolExecutor pool) {
		try (Hold hold = Hold.on(pool)) {
			Runnable executed = () -> {
			};
			Runnable unknown = () -> {
			};
			Future<?> future = pool.submit(() -> {
			});
			pool.execute(executed);
			return List.of(pool.remove((Runnable) future), pool.remove(executed), pool.remove(unknown));
		}
	}

	/**
	 * Row: getters answered for the wrapper.
	 */
	@Test
	default void whenTasksQueueThenEveryGetterOfThePoolAnswersAsUndecorated() {
		E raw = twin();
		E executor = bench().decorate(raw, declared());
		ThreadPoolExecutor pool = pool(executor);
		assertThat(pool)
			.isInstanceOf(pool(raw).getClass().isAnonymousClass() ? ThreadPoolExecutor.class : pool(raw).getClass());
		ExecutorContract.Getters getters = new ExecutorContract.Getters(
				pool(raw).getClass().getName().startsWith("java.") ? pool(raw).getClass() : ThreadPoolExecutor.class);
		ExecutorContract.Getters ofBean = new ExecutorContract.Getters(raw.getClass());
		try (Hold hold = Hold.on(executor)) {
			submit(pool);
			assertThat(pool.getQueue()).hasSize(QUEUED);
			assertThat(getters.of(pool)).isEqualTo(getters.of(pool(raw)));
			assertThat(ofBean.of(executor)).isEqualTo(ofBean.of(raw));
			getters.change(pool);
			pool.setKeepAliveTime(7, TimeUnit.MINUTES);
			// a thread more may have taken the tasks
			Bench.await().untilAsserted(() -> assertThat(getters.of(pool)).isEqualTo(getters.of(pool(raw))));
			assertThat(pool.getKeepAliveTime(TimeUnit.MINUTES)).isEqualTo(7);
		}
		pool.shutdown();
		Bench.await().until(pool(raw)::isTerminated);
		assertThat(getters.of(pool)).isEqualTo(getters.of(pool(raw)));
	}

	/**
	 * Row: getters answered for the wrapper.
	 */
	@Test
	default void whenThreadFactoryIsSetThenTheGetterGivesItBackAndItMakesTheThreads() {
		E raw = twin();
		ThreadFactory before = pool(raw).getThreadFactory();
		ThreadPoolExecutor pool = pool(bench().decorate(raw, declared()));
		assertThat(pool.getThreadFactory()).isSameAs(before);
		ThreadFactory factory = (work) -> new Thread(work, "made by the user");
		pool.setThreadFactory(factory);
		assertThat(pool.getThreadFactory()).isSameAs(factory);
		assertThat(pool.submit(() -> Thread.currentThread().getName())).succeedsWithin(20, TimeUnit.SECONDS)
			.isEqualTo("made by the user");
	}

	/**
	 * Row: getters answered for the wrapper.
	 */
	@Test
	default void whenHandlerIsSetThenTheGetterGivesItBack() {
		ThreadPoolExecutor pool = pool(decorated());
		assertThat(pool.getRejectedExecutionHandler()).hasSameClassAs(pool(twin()).getRejectedExecutionHandler());
		RejectedExecutionHandler handler = (task, refusing) -> {
		};
		pool.setRejectedExecutionHandler(handler);
		assertThat(pool.getRejectedExecutionHandler()).isSameAs(handler);
	}

}
