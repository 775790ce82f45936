// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.core.task.AsyncTaskExecutor;

import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What holds for an {@link AsyncTaskExecutor}.
 *
 * @param <E> the type by which users know the executor
 */
interface AsyncContract<E extends AsyncTaskExecutor> extends DecoratedKind<E> {

	/**
	 * Row: submit bypassed the wrapper.
	 */
	@Test
	default void whenSubmittedEveryWayThenEachIsCountedOnce() throws Exception {
		E executor = decorated();
		assertThat(executor.submit(() -> "called").get(20, TimeUnit.SECONDS)).isEqualTo("called");
		executor.submit(() -> {
		}).get(20, TimeUnit.SECONDS);
		assertThat(executor.submitCompletable(() -> "completed").get(20, TimeUnit.SECONDS)).isEqualTo("completed");
		executor.submitCompletable(() -> {
		}).get(20, TimeUnit.SECONDS);
		executeWithTimeout(executor, () -> {
		});
		Bench.await().until(() -> bench().totals().submitted() == 5);
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(5);
		assertThat(totals.succeeded()).isEqualTo(5);
	}

	@SuppressWarnings("deprecation")
	private void executeWithTimeout(E executor, Runnable task) {
		executor.execute(task, AsyncTaskExecutor.TIMEOUT_IMMEDIATE);
	}

	/**
	 * Whether the error of a {@link CompletableFuture} is seen: the task that it hands
	 * over ends well, and the error is in the future alone.
	 * @return whether it counts as failed
	 */
	default boolean seesCompletableErrors() {
		return false;
	}

	/**
	 * Row: submit bypassed the wrapper.
	 */
	@Test
	default void whenSubmittedFailThenEachErrorIsCountedOnce() {
		E executor = decorated();
		Callable<Object> call = () -> {
			throw new Fire.Expected();
		};
		Runnable run = () -> {
			throw new Fire.Expected();
		};
		CompletableFuture<?> completable = executor.submitCompletable(call);
		CompletableFuture<?> completableRun = executor.submitCompletable(run);
		for (Future<?> future : List.of(executor.submit(call), executor.submit(run), completable, completableRun)) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> future.get(20, TimeUnit.SECONDS))
				.withRootCauseInstanceOf(Fire.Expected.class);
		}
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(4);
		assertThat(totals.completed()).isEqualTo(4);
		assertThat(totals.failed()).isEqualTo(seesCompletableErrors() ? 4 : 2);
	}

	/**
	 * Row: interrupts, thread names, context class loader, uncaught handlers changed.
	 */
	@Test
	default void whenSubmittedIsCancelledWhileItRunsThenItIsInterruptedAsUndecorated() {
		assertThat(isInterruptedByCancel(decorated())).isEqualTo(isInterruptedByCancel(twin())).isTrue();
		TaskTotals totals = bench().atRest();
		assertThat(totals.completed()).as("started, so not cancelled").isEqualTo(1);
		assertThat(totals.cancelled()).isZero();
	}

	private boolean isInterruptedByCancel(E executor) {
		Hold hold = new Hold();
		Future<?> future = executor.submit(hold);
		hold.awaitStart();
		future.cancel(true);
		hold.awaitEnd();
		return hold.isInterrupted();
	}

}
