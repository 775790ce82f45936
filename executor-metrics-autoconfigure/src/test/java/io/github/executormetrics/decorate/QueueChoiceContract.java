// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What holds where users choose the queue.
 *
 * @param <E> the type by which users know the executor
 */
interface QueueChoiceContract<E extends Executor> extends DecoratedKind<E> {

	/**
	 * Make one with one worker and a queue of the user's choice.
	 * @param threads what makes its threads
	 * @param queue where tasks wait
	 * @return a new executor
	 */
	E queueing(ContractThreads threads, BlockingQueue<Runnable> queue);

	private E decorated(BlockingQueue<Runnable> queue) {
		return bench().decorate(bench().stopLater(queueing(new ContractThreads(), queue)), declared());
	}

	private static List<Integer> runRanked(Executor executor) {
		List<Integer> order = new CopyOnWriteArrayList<>();
		try (Hold hold = new Hold()) {
			executor.execute(new PolicyContract.OwnTask(0, hold));
			hold.awaitStart();
			for (int rank : new int[] { 3, 1, 2 }) {
				executor.execute(new PolicyContract.OwnTask(rank, () -> order.add(rank)));
			}
		}
		Bench.await().until(() -> order.size() == 3);
		return order;
	}

	/**
	 * Row: ClassCastException with a priority queue.
	 */
	@Test
	default void whenQueueIsInNaturalOrderThenTasksRunInTheUsersOrderAndAreCounted() {
		assertThat(runRanked(decorated(new PriorityBlockingQueue<>()))).containsExactly(1, 2, 3);
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(4);
		assertThat(totals.completed()).isEqualTo(4);
		assertThat(bench().monitored().coverage()).isEqualTo(Coverage.TASKS);
	}

	/**
	 * Row: ClassCastException with a priority queue.
	 */
	@Test
	default void whenTaskDoesNotCompareThenItFailsAsUndecorated() {
		E executor = decorated(new PriorityBlockingQueue<>());
		try (Hold hold = Hold.on(executor)) {
			executor.execute(new PolicyContract.OwnTask(1));
			assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> executor.execute(() -> {
			}));
		}
		assertThat(bench().atRest().submitted()).isEqualTo(2);
	}

	/**
	 * Row: ClassCastException with a priority queue.
	 */
	@Test
	default void whenComparatorCastsThenTasksPassAsTheyAreAndCoverageSaysSo() {
		Comparator<Runnable> byRank = Comparator.comparingInt((task) -> -((PolicyContract.OwnTask) task).rank());
		assertThat(runRanked(decorated(new PriorityBlockingQueue<>(11, byRank)))).containsExactly(3, 2, 1);
		assertPassed("PriorityBlockingQueue");
	}

	/**
	 * Row: a handler or queue that casts the task to the user's own class.
	 */
	@Test
	default void whenQueueCastsThenTasksPassAsTheyAreAndCoverageSaysSo() {
		assertThat(runRanked(decorated(new CastingQueue()))).containsExactly(3, 1, 2);
		assertPassed("CastingQueue");
	}

	private void assertPassed(String queue) {
		assertThat(bench().monitored().coverage()).isEqualTo(Coverage.STATE);
		assertThat(bench().monitored().coverageReason()).contains(queue);
		assertThat(bench().totals().submitted()).isZero();
	}

	/**
	 * A queue that knows one class of tasks only.
	 */
	final class CastingQueue extends LinkedBlockingQueue<Runnable> {

		private static final long serialVersionUID = 1L;

		@Override
		public boolean offer(Runnable task) {
			return super.offer((PolicyContract.OwnTask) task);
		}

	}

}
