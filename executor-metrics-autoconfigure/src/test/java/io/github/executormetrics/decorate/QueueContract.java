// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds where tasks queue before one worker, and a shutdown finds them there.
 *
 * @param <E> the type by which users know the executor
 */
interface QueueContract<E extends Executor> extends ServiceContract<E> {

	int QUEUED = 100;

	/**
	 * Whether a task is known from its submission on, and each that is dropped is seen.
	 * @return false where the queue holds what is not ours
	 */
	default boolean seesDrops() {
		return true;
	}

	/**
	 * Whether what stands in the queue is neither the user's task nor the future, with
	 * and without us.
	 * @return whether a user's decorator hides them
	 */
	default boolean isQueueOpaque() {
		return false;
	}

	/**
	 * Whether tasks count when they start, as the runs of a scheduler do.
	 * @return whether what never starts is no task
	 */
	default boolean countsStartedOnly() {
		return false;
	}

	/**
	 * Row: futures left hanging after shutdown.
	 */
	@Test
	default void whenQueuedAndCollectedThenShutdownNowCancelsOrHandsBackAll() {
		Outcome outcome = shutdownNow(service(decorated()));
		assertThat(outcome.cancelled() + outcome.handedBack()).isEqualTo(isQueueOpaque() ? 0 : QUEUED);
		assertThat(outcome).isEqualTo(shutdownNow(service(twin())));
		assertDroppedAreCancelled();
	}

	default void assertDroppedAreCancelled() {
		TaskTotals totals = seesDrops() ? bench().atRest() : bench().atRestOnceSettled();
		assertThat(totals.submitted()).isEqualTo(countsStartedOnly() ? 1 : QUEUED + 1);
		assertThat(totals.cancelled()).isEqualTo(countsStartedOnly() ? 0 : QUEUED);
		assertThat(totals.completed()).isEqualTo(1);
	}

	static Outcome shutdownNow(ExecutorService service) {
		try (Hold hold = Hold.on(service)) {
			List<Future<?>> futures = new ArrayList<>();
			for (int i = 0; i < QUEUED; i++) {
				futures.add(service.submit(() -> {
				}));
			}
			Bench.collect(new WeakReference<>(new Object()));
			List<Runnable> handedBack = service.shutdownNow();
			hold.close();
			Bench.await().until(service::isTerminated);
			int cancelled = (int) futures.stream().filter(Future::isCancelled).count();
			int known = (int) handedBack.stream().filter(futures::contains).count();
			return new Outcome(cancelled, known);
		}
	}

	/**
	 * Row: shutdownNow() handed back wrappers nobody knows.
	 */
	@Test
	default void whenHandedBackTasksAreRunThenTheirFuturesCompleteAsUndecorated() {
		List<String> decorated = runHandedBack(service(decorated()));
		assertThat(decorated).isEqualTo(runHandedBack(service(twin())));
		assertThat(decorated).hasSize(5).doesNotContain("open");
	}

	private static List<String> runHandedBack(ExecutorService service) {
		try (Hold hold = Hold.on(service)) {
			List<Future<?>> futures = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				int value = i;
				futures.add(service.submit(() -> value));
			}
			service.shutdownNow().forEach(Runnable::run);
			hold.close();
			Bench.await().until(service::isTerminated);
			List<String> states = new ArrayList<>();
			for (Future<?> future : futures) {
				states.add(future.isCancelled() ? "cancelled" : future.isDone() ? "done" : "open");
			}
			return states;
		}
	}

	/**
	 * Row: shutdownNow() handed back wrappers nobody knows.
	 */
	@Test
	default void whenExecutedTasksAreHandedBackThenTheyAreTheUsersOwnAsUndecorated() {
		assertThat(ownHandedBack(service(decorated()))).isEqualTo(ownHandedBack(service(twin())));
		TaskTotals totals = seesDrops() ? bench().atRest() : bench().atRestOnceSettled();
		assertThat(totals.cancelled()).isEqualTo(countsStartedOnly() ? 0 : 5);
	}

	private static List<Boolean> ownHandedBack(ExecutorService service) {
		try (Hold hold = Hold.on(service)) {
			List<Runnable> tasks = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				AtomicInteger runs = new AtomicInteger();
				Runnable task = runs::incrementAndGet;
				tasks.add(task);
				service.execute(task);
			}
			List<Runnable> handedBack = service.shutdownNow();
			hold.close();
			Bench.await().until(service::isTerminated);
			return handedBack.stream().map(tasks::contains).toList();
		}
	}

	/**
	 * Row: purge() and remove() stopped working.
	 */
	@Test
	default void whenQueuedIsCancelledThenItNeverRunsAndCountsAsCancelled() {
		ExecutorService service = service(decorated());
		AtomicInteger ran = new AtomicInteger();
		try (Hold hold = Hold.on(service)) {
			for (int i = 0; i < 10; i++) {
				assertThat(service.submit(ran::incrementAndGet).cancel(false)).isTrue();
			}
		}
		// behind the cancelled ones
		Hold last = new Hold();
		last.close();
		service.execute(last);
		last.awaitEnd();
		assertThat(ran).hasValue(0);
		service.shutdown();
		TaskTotals totals = seesDrops() ? bench().atRest() : bench().atRestOnceSettled();
		assertThat(totals.completed()).isEqualTo(2);
		assertThat(totals.cancelled()).isEqualTo(countsStartedOnly() ? 0 : 10);
	}

	/**
	 * What a shutdown made of the queue.
	 */
	record Outcome(int cancelled, int handedBack) {

	}

}
