package io.github.executormetrics.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

/**
 * The states of all instances of one executor, added up. Where a user's getter throws, it
 * says so and goes on with the others.
 */
final class InstanceStates {

	private final List<ExecutorState> states = new CopyOnWriteArrayList<>();

	private final Consumer<RuntimeException> fault;

	/**
	 * Create the states of no instance yet.
	 * @param fault takes what a getter threw
	 */
	InstanceStates(Consumer<RuntimeException> fault) {
		this.fault = fault;
	}

	void add(ExecutorState state) {
		this.states.add(state);
	}

	boolean isEmpty() {
		return this.states.isEmpty();
	}

	void removeGone() {
		this.states.removeIf(ExecutorState::isGone);
	}

	/**
	 * Add up a figure.
	 * @param figure what to read of each instance
	 * @return the sum, 0 where there is no instance, or {@link ExecutorState#NONE} where
	 * one of them does not know
	 */
	int sum(ToIntFunction<ExecutorState> figure) {
		int sum = 0;
		for (ExecutorState state : this.states) {
			try {
				int value = figure.applyAsInt(state);
				if (value == ExecutorState.NONE) {
					return ExecutorState.NONE;
				}
				sum += value;
			}
			catch (RuntimeException ex) {
				this.fault.accept(ex);
			}
		}
		return sum;
	}

	/**
	 * Add up a bound.
	 * @param bound what to read of each instance
	 * @return the sum, or {@link ExecutorState#NONE} where there is no instance or one of
	 * them has no bound
	 */
	int bound(ToIntFunction<ExecutorState> bound) {
		return this.states.isEmpty() ? ExecutorState.NONE : sum(bound);
	}

	long oldestQueued(long now) {
		long oldest = 0;
		boolean unknown = false;
		for (ExecutorState state : this.states) {
			try {
				long age = state.oldestQueued(now);
				unknown |= age == ExecutorState.NONE;
				oldest = Math.max(oldest, age);
			}
			catch (RuntimeException ex) {
				this.fault.accept(ex);
			}
		}
		return (unknown && oldest == 0) ? ExecutorState.NONE : oldest;
	}

	WorkerFigures workers() {
		WorkerFigures sum = WorkerFigures.ZERO;
		for (ExecutorState state : this.states) {
			try {
				sum = sum.plus(state.workers());
			}
			catch (RuntimeException ex) {
				this.fault.accept(ex);
			}
		}
		return sum;
	}

	@Nullable ForkJoinFigures forkJoin() {
		ForkJoinFigures sum = null;
		for (ExecutorState state : this.states) {
			try {
				ForkJoinFigures figures = state.forkJoin();
				sum = (sum != null && figures != null) ? sum.plus(figures) : (figures != null) ? figures : sum;
			}
			catch (RuntimeException ex) {
				this.fault.accept(ex);
			}
		}
		return sum;
	}

	@Nullable List<Thread> threads() {
		List<Thread> all = null;
		for (ExecutorState state : this.states) {
			try {
				List<Thread> threads = state.threads();
				if (threads != null) {
					all = (all != null) ? all : new ArrayList<>();
					all.addAll(threads);
				}
			}
			catch (RuntimeException ex) {
				this.fault.accept(ex);
			}
		}
		return all;
	}

	void forEachQueued(int atMost, Consumer<Object> queued) {
		for (ExecutorState state : this.states) {
			try {
				state.forEachQueued(atMost, queued);
			}
			catch (RuntimeException ex) {
				this.fault.accept(ex);
			}
		}
	}

	int roomBeforeWorker() {
		// several instances of a prototype have several queues: nothing is proven there
		return (this.states.size() == 1) ? sum(ExecutorState::roomBeforeWorker) : ExecutorState.NONE;
	}

	boolean isQueuedBeforeSubmission() {
		return this.states.stream().anyMatch(ExecutorState::isQueuedBeforeSubmission);
	}

	boolean isEnded() {
		try {
			return this.states.stream().allMatch(ExecutorState::isEnded);
		}
		catch (RuntimeException ex) {
			this.fault.accept(ex);
			return false;
		}
	}

	boolean isAtRest() {
		try {
			return this.states.stream().allMatch(ExecutorState::isAtRest);
		}
		catch (RuntimeException ex) {
			this.fault.accept(ex);
			return false;
		}
	}

}
