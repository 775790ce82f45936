// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.scheduler.Scheduler;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskRecorder;

/**
 * A scheduler of Reactor's that is known, whatever application looks at it.
 */
interface KnownScheduler {

	String name();

	Class<?> type();

	/**
	 * How many workers there may be.
	 * @return the limit, or {@link ExecutorState#NONE}
	 */
	int limit();

	/**
	 * How many workers a scheduler may have.
	 * @param scheduler the scheduler
	 * @return the limit, or {@link ExecutorState#NONE} where it tells none
	 */
	static int limitOf(Scheduler scheduler) {
		Integer limit = Scannable.from(scheduler).scan(Attr.CAPACITY);
		return (limit != null && limit > 0) ? limit : ExecutorState.NONE;
	}

	/**
	 * How much of its tasks is seen.
	 * @return the coverage
	 */
	default Coverage coverage() {
		return Coverage.TASKS;
	}

	/**
	 * What is not seen of its tasks.
	 * @return a sentence, or null where all is seen
	 */
	@Nullable String reason();

	/**
	 * What it tells of its workers and queues.
	 * @param recorder what one application records its tasks by
	 * @return its state
	 */
	ExecutorState state(TaskRecorder recorder);

	/**
	 * Lead its tasks past the recorders of these executors from now on.
	 * @param executors one for each application
	 */
	void meter(List<MonitoredExecutor> executors);

	/**
	 * Look whether the scheduler has come to its end.
	 * @return whether it is gone
	 */
	boolean checkEnded();

}
