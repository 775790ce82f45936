// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.task.AsyncTaskExecutor;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What holds where a bounded queue is full and a rejection handler decides.
 *
 * @param <E> the type by which users know the executor
 */
interface PolicyContract<E extends Executor> extends DecoratedKind<E> {

	/**
	 * Make one with one worker and a bounded queue.
	 * @param threads what makes its threads
	 * @param capacity the queue's capacity
	 * @param handler what takes the tasks that find the queue full
	 * @return a new executor
	 */
	E bounded(ContractThreads threads, int capacity, RejectedExecutionHandler handler);

	/**
	 * Whether the user's own decorator stands around a task when a handler gets it.
	 * @return whether the handler gets what the decorator made
	 */
	default boolean isDecoratedByUser() {
		return false;
	}

	private E bounded(int capacity, RejectedExecutionHandler handler) {
		return bench().decorate(bench().stopLater(bounded(new ContractThreads(), capacity, handler)), declared());
	}

	private static void hand(Executor executor, Runnable task, boolean submit) {
		if (!submit) {
			executor.execute(task);
		}
		else if (executor instanceof ExecutorService service) {
			service.submit(task);
		}
		else {
			((AsyncTaskExecutor) executor).submit(task);
		}
	}

	/**
	 * Hold the worker, fill a queue of two, and hand over one task more.
	 */
	private TaskTotals overflow(RejectedExecutionHandler handler, boolean submit, AtomicInteger ran) {
		E executor = bounded(2, handler);
		try (Hold hold = Hold.on(executor)) {
			for (int i = 0; i < 3; i++) {
				hand(executor, ran::incrementAndGet, submit);
			}
		}
		return isDecoratedByUser() ? bench().atRestOnceSettled() : bench().atRest();
	}

	/**
	 * Row: DiscardOldest, CallerRuns and resubmitting handlers counted or decorated
	 * twice.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	default void whenAbortedThenCountedOnceAndNotSubmitted(boolean submit) {
		AtomicInteger ran = new AtomicInteger();
		E executor = bounded(2, Policy.ABORT.handler());
		try (Hold hold = Hold.on(executor)) {
			hand(executor, ran::incrementAndGet, submit);
			hand(executor, ran::incrementAndGet, submit);
			assertThatExceptionOfType(RejectedExecutionException.class)
				.isThrownBy(() -> hand(executor, ran::incrementAndGet, submit));
			assertThat(bench().totals().submitted()).isEqualTo(3);
			assertThat(bench().totals().active()).isEqualTo(3);
		}
		assertThat(bench().atRest().submitted()).isEqualTo(3);
		assertRejectedOnce(Policy.ABORT);
		assertThat(ran).hasValue(2);
	}

	/**
	 * Row: DiscardOldest, CallerRuns and resubmitting handlers counted or decorated
	 * twice.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	default void whenDiscardedThenCountedOnceAndNotSubmitted(boolean submit) {
		AtomicInteger ran = new AtomicInteger();
		TaskTotals totals = overflow(Policy.DISCARD.handler(), submit, ran);
		assertThat(totals.submitted()).isEqualTo(3);
		assertThat(totals.completed()).isEqualTo(3);
		assertRejectedOnce(Policy.DISCARD);
		assertThat(ran).hasValue(2);
	}

	/**
	 * Row: DiscardOldest, CallerRuns and resubmitting handlers counted or decorated
	 * twice.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	default void whenOldestIsDiscardedThenItIsCancelledAndTheNewOneSubmittedOnce(boolean submit) {
		AtomicInteger ran = new AtomicInteger();
		TaskTotals totals = overflow(Policy.DISCARD_OLDEST.handler(), submit, ran);
		assertThat(totals.submitted()).isEqualTo(4);
		assertThat(totals.completed()).isEqualTo(3);
		assertThat(totals.cancelled()).isEqualTo(1);
		assertRejectedOnce(Policy.DISCARD_OLDEST);
		assertThat(ran).hasValue(2);
	}

	/**
	 * Row: DiscardOldest, CallerRuns and resubmitting handlers counted or decorated
	 * twice.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	default void whenCallerRunsThenSubmittedAndCompletedOnce(boolean submit) {
		AtomicInteger ran = new AtomicInteger();
		TaskTotals totals = overflow(Policy.CALLER_RUNS.handler(), submit, ran);
		assertThat(totals.submitted()).isEqualTo(4);
		assertThat(totals.completed()).isEqualTo(4);
		assertRejectedOnce(Policy.CALLER_RUNS);
		assertThat(ran).hasValue(3);
	}

	/**
	 * Row: DiscardOldest, CallerRuns and resubmitting handlers counted or decorated
	 * twice.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	default void whenHandlerResubmitsThenItIsOneSubmissionMore(boolean submit) {
		AtomicInteger ran = new AtomicInteger();
		AtomicInteger refused = new AtomicInteger();
		List<Hold> holds = new CopyOnWriteArrayList<>();
		E executor = bounded(2, (task, pool) -> {
			refused.incrementAndGet();
			holds.forEach(Hold::close);
			Policy.RETRYING.handler().rejectedExecution(task, pool);
		});
		holds.add(Hold.on(executor));
		for (int i = 0; i < 3; i++) {
			hand(executor, ran::incrementAndGet, submit);
		}
		TaskTotals totals = bench().atRest();
		assertThat(refused).hasValue(1);
		assertThat(ran).hasValue(3);
		// one inside of the other, where a user's decorator stands between
		int layers = isDecoratedByUser() ? 5 : 4;
		assertThat(totals.submitted()).isEqualTo(layers);
		assertThat(totals.completed()).isEqualTo(layers);
		assertRejectedOnce(Policy.RETRYING);
	}

	/**
	 * Row: DiscardOldest, CallerRuns and resubmitting handlers counted or decorated
	 * twice.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	default void whenHandlerRunsTheTaskItselfThenItIsNotMeteredAndCoverageSaysSo(boolean submit) {
		for (Policy policy : List.of(Policy.INLINE, Policy.BLOCKING)) {
			long before = bench().isKnown() ? bench().totals().completed() : 0;
			AtomicInteger ran = new AtomicInteger();
			List<Hold> holds = new CopyOnWriteArrayList<>();
			E executor = bounded(2, (task, pool) -> {
				holds.forEach(Hold::close);
				policy.handler().rejectedExecution(task, pool);
			});
			holds.add(Hold.on(executor));
			for (int i = 0; i < 3; i++) {
				hand(executor, ran::incrementAndGet, submit);
			}
			Bench.await().until(() -> ran.get() == 3);
			// what is queued by getQueue() is metered; where a user's decorator stands
			// around a task, ours is inside and runs, too
			boolean metered = policy == Policy.BLOCKING || isDecoratedByUser();
			assertThat(bench().atRest().completed() - before).isEqualTo(metered ? 4 : 3);
		}
		assertThat(bench().rejected(Policy.INLINE.handling())).isEqualTo(2);
		assertThat(bench().monitored().coverage()).isEqualTo(Coverage.TASKS);
		assertThat(bench().monitored().coverageReason())
			.contains("runs itself, or queues without getQueue(), are not visible");
	}

	private void assertRejectedOnce(Policy policy) {
		assertThat(bench().rejected(policy.handling())).isEqualTo(1);
		assertThat(bench().monitored().rejected()).isEqualTo(1);
	}

	/**
	 * Row: a handler or queue that casts the task to the user's own class.
	 */
	@Test
	default void whenHandlerCastsThenItGetsTheUsersOwnTask() {
		List<Runnable> given = new ArrayList<>();
		OwnTask last = new OwnTask(0);
		E executor = bounded(1, (task, pool) -> given.add(isDecoratedByUser() ? task : (OwnTask) task));
		try (Hold hold = Hold.on(executor)) {
			executor.execute(new OwnTask(0));
			executor.execute(last);
		}
		assertThat(given).hasSize(1);
		if (!isDecoratedByUser()) {
			assertThat(given.get(0)).isSameAs(last);
		}
	}

	/**
	 * Row: a handler or queue that casts the task to the user's own class.
	 */
	@Test
	default void whenHandlerGetsASubmittedTaskThenItIsTheFutureThatTheCallerHolds() {
		List<Runnable> given = new ArrayList<>();
		E executor = bounded(1, (task, pool) -> given.add(task));
		try (Hold hold = Hold.on(executor)) {
			hand(executor, () -> {
			}, true);
			Future<?> refused = (executor instanceof ExecutorService service) ? service.submit(() -> {
			}) : ((AsyncTaskExecutor) executor).submit(() -> {
			});
			assertThat(given).hasSize(1);
			if (!isDecoratedByUser()) {
				assertThat(given.get(0)).isInstanceOf(FutureTask.class).isSameAs(refused);
			}
		}
	}

	/**
	 * Row: DiscardPolicy and inline executors break "counted after execute returned".
	 */
	@ParameterizedTest
	@EnumSource(Policy.class)
	default void whenFourThreadsSubmitThenTheBalanceHolds(Policy policy) {
		E executor = bounded(4, policy.handler());
		AtomicInteger ran = new AtomicInteger();
		AtomicInteger refused = new AtomicInteger();
		Fire.from(4, 1000, (random) -> {
			try {
				hand(executor, ran::incrementAndGet, random.nextBoolean());
			}
			catch (RejectedExecutionException ex) {
				refused.incrementAndGet();
			}
		});
		TaskTotals totals = isDecoratedByUser() ? bench().atRestOnceSettled() : bench().atRest();
		Bench.await()
			.until(() -> bench().monitored().sample(System.nanoTime()).queued() == 0
					&& bench().monitored().sample(System.nanoTime()).busy() == 0);
		if (policy == Policy.BLOCKING || policy.handling() != Handling.CUSTOM) {
			assertThat(totals.completed()).isEqualTo(ran.get());
		}
		assertThat(bench().rejected(policy.handling())).isEqualTo(bench().monitored().rejected());
		if (policy == Policy.ABORT) {
			assertThat(totals.submitted()).isEqualTo(4000 - refused.get());
			assertThat(bench().rejected(policy.handling())).isEqualTo(refused.get());
		}
	}

	/**
	 * A task of the user's own class, which compares by its rank.
	 */
	record OwnTask(int rank, Runnable work) implements Runnable, Comparable<OwnTask> {

		OwnTask(int rank) {
			this(rank, () -> {
			});
		}

		@Override
		public void run() {
			this.work.run();
		}

		@Override
		public int compareTo(OwnTask other) {
			return Integer.compare(this.rank, other.rank);
		}

		@Override
		public boolean equals(Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this);
		}

	}

}
