// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskRecorder;
import io.github.executormetrics.task.ThrottleGate;

/**
 * Where the state of each kind of executor comes from. All hold their executor weakly, so
 * that a dropped prototype can be collected.
 */
public final class ExecutorStates {

	private static final String PER_TASK = "java.util.concurrent.ThreadPerTaskExecutor";

	private ExecutorStates() {
	}

	/**
	 * The state of a thread pool.
	 * @param <O> the type of what owns the pool
	 * @param owner what owns the pool, or the pool
	 * @param pool gets the pool from its owner, null before it is initialized; must not
	 * hold the owner
	 * @return its state
	 */
	public static <O> ExecutorState ofPool(O owner, Function<O, @Nullable ThreadPoolExecutor> pool) {
		return new ThreadPoolState<>(owner, pool);
	}

	/**
	 * The state of a fork/join pool.
	 * @param pool the pool
	 * @return its state
	 */
	public static ExecutorState ofForkJoin(ForkJoinPool pool) {
		return new ForkJoinState(pool);
	}

	/**
	 * The state of an executor of which only the tasks are known.
	 * @param executor the executor
	 * @param recorder what its tasks are recorded by
	 * @return its state
	 */
	public static ExecutorState ofTasks(Object executor, TaskRecorder recorder) {
		return new RecordedState<>(executor, recorder, (any) -> ExecutorState.NONE,
				(any) -> any instanceof ExecutorService service && service.isTerminated(),
				// with platform threads nothing waits there
				(any) -> any.getClass().getName().equals(PER_TASK), null);
	}

	/**
	 * The state of an executor with a concurrency throttle.
	 * @param <E> the type of the executor
	 * @param executor the executor
	 * @param limit reads how many tasks may run at once, negative where there is no
	 * limit; must not hold the executor
	 * @param closed reads whether it takes no more tasks; must not hold the executor
	 * @param virtual reads whether it starts virtual threads; must not hold the executor
	 * @param recorder what its tasks are recorded by
	 * @param gate where its submitters are seen
	 * @return its state
	 */
	public static <E> ExecutorState ofThrottle(E executor, ToIntFunction<E> limit, Predicate<E> closed,
			Predicate<E> virtual, TaskRecorder recorder, ThrottleGate gate) {
		return new RecordedState<>(executor, recorder, limit, closed, virtual, gate);
	}

}
