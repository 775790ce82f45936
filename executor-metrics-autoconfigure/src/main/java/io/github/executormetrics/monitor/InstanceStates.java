// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

/**
 * The states of all instances of one executor, added up. Where a user's getter throws, it
 * says so and goes on with the others.
 */
final class InstanceStates {

	private final List<ExecutorState> states = new CopyOnWriteArrayList<>();

	private final Consumer<Throwable> fault;

	/**
	 * Create the states of no instance yet.
	 * @param fault takes what a getter threw
	 */
	InstanceStates(Consumer<Throwable> fault) {
		this.fault = fault;
	}

	void add(ExecutorState state) {
		this.states.add(state);
	}

	boolean isEmpty() {
		return this.states.isEmpty();
	}

	void removeGone() {
		this.states.removeIf((state) -> ask(state, ExecutorState::isGone, false));
	}

	/**
	 * Add up a figure.
	 * @param figure what to read of each instance
	 * @return the sum, 0 where there is no instance, or {@link ExecutorState#NONE} where
	 * one of them does not know
	 */
	int sum(ToIntFunction<ExecutorState> figure) {
		return sum(figure, 0);
	}

	/**
	 * Add up a bound.
	 * @param bound what to read of each instance
	 * @return the sum, or {@link ExecutorState#NONE} where there is no instance or one of
	 * them has no bound or cannot be read
	 */
	int bound(ToIntFunction<ExecutorState> bound) {
		return this.states.isEmpty() ? ExecutorState.NONE : sum(bound, ExecutorState.NONE);
	}

	private int sum(ToIntFunction<ExecutorState> figure, int unread) {
		int sum = 0;
		for (ExecutorState state : this.states) {
			int value = ask(state, figure::applyAsInt, unread);
			if (value == ExecutorState.NONE) {
				return ExecutorState.NONE;
			}
			sum += value;
		}
		return sum;
	}

	long oldestQueued(long now) {
		long oldest = 0;
		boolean unknown = false;
		for (ExecutorState state : this.states) {
			long age = ask(state, (each) -> each.oldestQueued(now), 0L);
			unknown |= age == ExecutorState.NONE;
			oldest = Math.max(oldest, age);
		}
		return (unknown && oldest == 0) ? ExecutorState.NONE : oldest;
	}

	WorkerFigures workers() {
		WorkerFigures sum = WorkerFigures.ZERO;
		for (ExecutorState state : this.states) {
			sum = sum.plus(ask(state, ExecutorState::workers, WorkerFigures.ZERO));
		}
		return sum;
	}

	/**
	 * Add up what fork/join pools tell of themselves.
	 * @return the sums, or null where none is one
	 */
	@Nullable ForkJoinFigures forkJoin() {
		ForkJoinFigures sum = null;
		for (ExecutorState state : this.states) {
			ForkJoinFigures figures = ask(state, ExecutorState::forkJoin, null);
			sum = (sum != null && figures != null) ? sum.plus(figures) : (figures != null) ? figures : sum;
		}
		return sum;
	}

	/**
	 * Add up the sizes of thread pools.
	 * @return the sums, or null where one is no such pool
	 */
	@Nullable PoolSizes sizes() {
		PoolSizes sum = null;
		for (ExecutorState state : this.states) {
			PoolSizes sizes = ask(state, ExecutorState::sizes, null);
			if (sizes == null) {
				return null;
			}
			sum = (sum != null) ? sum.plus(sizes) : sizes;
		}
		return sum;
	}

	@Nullable DeadWorkers findDeadWorkers() {
		for (ExecutorState state : this.states) {
			DeadWorkers dead = ask(state, ExecutorState::findDeadWorkers, null);
			if (dead != null) {
				return dead;
			}
		}
		return null;
	}

	/**
	 * Look up the workers of those that know theirs.
	 * @return the live ones, or null where none does
	 */
	@Nullable List<Thread> threads() {
		List<Thread> all = null;
		for (ExecutorState state : this.states) {
			List<Thread> threads = ask(state, ExecutorState::threads, null);
			if (threads != null) {
				all = (all != null) ? all : new ArrayList<>();
				all.addAll(threads);
			}
		}
		return all;
	}

	void forEachQueued(int atMost, Consumer<Object> queued) {
		for (ExecutorState state : this.states) {
			ask(state, (each) -> {
				each.forEachQueued(atMost, queued);
				return true;
			}, false);
		}
	}

	int roomBeforeWorker() {
		// several instances of a prototype have several queues: nothing is proven there
		return (this.states.size() == 1) ? sum(ExecutorState::roomBeforeWorker, ExecutorState.NONE)
				: ExecutorState.NONE;
	}

	boolean isQueuedBeforeSubmission() {
		return this.states.stream().anyMatch((state) -> ask(state, ExecutorState::isQueuedBeforeSubmission, false));
	}

	boolean isForkJoin() {
		return this.states.stream().anyMatch(ForkJoinState.class::isInstance);
	}

	boolean isEnded() {
		return this.states.stream().allMatch((state) -> ask(state, ExecutorState::isEnded, false));
	}

	boolean isAtRest() {
		return this.states.stream().allMatch((state) -> ask(state, ExecutorState::isAtRest, false));
	}

	/**
	 * Ask an instance, whatever the user's code throws on the way.
	 */
	private <T extends @Nullable Object> T ask(ExecutorState state, Function<ExecutorState, T> reading, T unread) {
		try {
			return reading.apply(state);
		}
		catch (Throwable ex) {
			this.fault.accept(ex);
			return unread;
		}
	}

}
