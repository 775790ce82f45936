// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What holds where users reach an {@link ExecutorService}.
 *
 * @param <E> the type by which users know the executor
 */
interface ServiceContract<E extends Executor> extends DecoratedKind<E> {

	/**
	 * The service that users reach through the executor.
	 * @param executor decorated or not
	 * @return the executor itself, or what its getter gives
	 */
	ExecutorService service(E executor);

	/**
	 * Row: invokeAll dropped wrapped tasks.
	 */
	@Test
	default void whenInvokeAllThenEachTaskIsCountedOnce() throws Exception {
		ExecutorService service = service(decorated());
		int sum = 0;
		for (Future<Integer> future : service.invokeAll(numbers(10))) {
			sum += future.get();
		}
		for (Future<Integer> future : service.invokeAll(numbers(10), 20, TimeUnit.SECONDS)) {
			sum += future.get();
		}
		assertThat(sum).isEqualTo(110);
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(20);
		assertThat(totals.succeeded()).isEqualTo(20);
	}

	/**
	 * Row: invokeAll dropped wrapped tasks.
	 */
	@Test
	default void whenInvokeAnyThenTheBalanceHolds() throws Exception {
		ExecutorService service = service(decorated());
		assertThat(service.invokeAny(numbers(1))).isEqualTo(1);
		assertThat(service.invokeAny(numbers(1), 20, TimeUnit.SECONDS)).isEqualTo(1);
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(2);
		assertThat(totals.succeeded()).isEqualTo(2);
		assertThat(service.invokeAny(numbers(10))).isBetween(1, 10);
		totals = bench().atRestOnceSettled();
		assertThat(totals.submitted()).isBetween(3L, 12L);
	}

	private static List<Callable<Integer>> numbers(int count) {
		List<Callable<Integer>> tasks = new ArrayList<>();
		for (int i = 1; i <= count; i++) {
			int value = i;
			tasks.add(() -> value);
		}
		return tasks;
	}

	/**
	 * Row: submit bypassed the wrapper.
	 */
	@Test
	default void whenSubmittedThenResultAndErrorComeAndEachIsCountedOnce() throws Exception {
		ExecutorService service = service(decorated());
		assertThat(service.submit(() -> "called").get(20, TimeUnit.SECONDS)).isEqualTo("called");
		assertThat(service.submit(() -> {
		}, "given").get(20, TimeUnit.SECONDS)).isEqualTo("given");
		Callable<Object> failing = () -> {
			throw new Fire.Expected();
		};
		Runnable failingRunnable = () -> {
			throw new Fire.Expected();
		};
		for (Future<?> future : List.of(service.submit(failing), service.submit(failingRunnable))) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> future.get(20, TimeUnit.SECONDS))
				.withRootCauseInstanceOf(Fire.Expected.class);
		}
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(4);
		assertThat(totals.succeeded()).isEqualTo(2);
		assertThat(totals.failed()).isEqualTo(2);
	}

	/**
	 * Row: interrupts, thread names, context class loader, uncaught handlers changed.
	 */
	@Test
	default void whenCancelledWhileItRunsThenItIsInterruptedAsUndecorated() {
		assertThat(isInterruptedByCancel(service(decorated()), true))
			.isEqualTo(isInterruptedByCancel(service(twin()), true));
		assertThat(isInterruptedByCancel(service(decorated()), false)).isFalse();
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(2);
		assertThat(totals.completed()).as("started, so not cancelled").isEqualTo(2);
	}

	private static boolean isInterruptedByCancel(ExecutorService service, boolean interrupt) {
		Hold hold = new Hold();
		Future<?> future = service.submit(hold);
		hold.awaitStart();
		assertThat(future.cancel(interrupt)).isTrue();
		if (!interrupt || !hold.endsWithin(500)) {
			hold.close();
		}
		hold.awaitEnd();
		return hold.isInterrupted();
	}

	/**
	 * Row: interrupts, thread names, context class loader, uncaught handlers changed.
	 */
	@Test
	default void whenShutDownNowThenTheRunningTaskIsInterruptedAsUndecorated() {
		assertThat(isInterruptedByShutdown(service(decorated()))).isEqualTo(isInterruptedByShutdown(service(twin())));
		assertThat(bench().atRest().completed()).isEqualTo(1);
	}

	private static boolean isInterruptedByShutdown(ExecutorService service) {
		Hold hold = Hold.on(service);
		service.shutdownNow();
		hold.awaitEnd();
		return hold.isInterrupted();
	}

	/**
	 * Row: submitted counted before the delegate refused.
	 */
	@Test
	default void whenShutDownThenSubmissionsAreRejectedAndNotSubmitted() {
		ExecutorService service = service(decorated());
		service.shutdown();
		assertThat(service.isShutdown()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> service.execute(() -> {
		}));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> service.submit(() -> "refused"));
		assertThat(bench().atRest().submitted()).isZero();
		assertThat(bench().rejected(Handling.ABORTED)).isEqualTo(2);
		assertThat(bench().monitored().rejected()).isEqualTo(2);
	}

}
