// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds where tasks are scheduled over a {@link ScheduledThreadPoolExecutor}.
 *
 * @param <E> the type by which users know the executor
 */
interface SchedulingContract<E extends Executor> extends DecoratedKind<E> {

	int SCHEDULED = 100;

	/**
	 * The pool that users reach through the executor or gave to it.
	 * @param executor decorated or not
	 * @return a pool with one thread
	 */
	ScheduledThreadPoolExecutor scheduledPool(E executor);

	/**
	 * Schedule a task that is due in an hour.
	 * @param executor decorated or not
	 * @param task what to schedule
	 * @return its future
	 */
	Future<?> scheduleInAnHour(E executor, Runnable task);

	/**
	 * Row: removeOnCancelPolicy stopped working.
	 */
	@Test
	default void whenScheduledIsCancelledThenTheQueueKeepsItAsUndecorated() {
		List<Integer> decorated = cancel(decorated());
		assertThat(decorated).isEqualTo(cancel(twin()));
		assertThat(decorated).containsExactly(SCHEDULED, 0, 0);
		assertThat(bench().totals().submitted()).as("a schedule that is not due is no task").isZero();
		assertThat(bench().totals().cancelled()).isZero();
	}

	private List<Integer> cancel(E executor) {
		ScheduledThreadPoolExecutor pool = scheduledPool(executor);
		List<Integer> sizes = new ArrayList<>();
		schedule(executor).forEach((future) -> future.cancel(false));
		sizes.add(pool.getQueue().size());
		pool.purge();
		sizes.add(pool.getQueue().size());
		pool.setRemoveOnCancelPolicy(true);
		schedule(executor).forEach((future) -> future.cancel(false));
		sizes.add(pool.getQueue().size());
		return sizes;
	}

	/**
	 * Row: futures left hanging after shutdown.
	 */
	@Test
	default void whenScheduledThenShutdownNowHandsBackAllAsUndecorated() {
		assertThat(shutdownNow(decorated())).isEqualTo(shutdownNow(twin()));
		assertThat(bench().atRest().submitted()).isZero();
	}

	private List<Boolean> shutdownNow(E executor) {
		List<Future<?>> futures = schedule(executor);
		System.gc();
		List<Runnable> handedBack = scheduledPool(executor).shutdownNow();
		handedBack.forEach(Runnable::run);
		return futures.stream().map((future) -> handedBack.contains(future) && future.isCancelled()).toList();
	}

	private List<Future<?>> schedule(E executor) {
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < SCHEDULED; i++) {
			futures.add(scheduleInAnHour(executor, () -> {
			}));
		}
		return futures;
	}

}
