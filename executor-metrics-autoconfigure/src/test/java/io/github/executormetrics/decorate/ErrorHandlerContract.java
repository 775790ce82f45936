// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.TriggerContext;
import org.springframework.util.ErrorHandler;

import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds where a scheduler has an {@link ErrorHandler}.
 *
 * @param <E> the type by which users know the executor
 */
interface ErrorHandlerContract<E extends Executor> extends DecoratedKind<E> {

	void setErrorHandler(E scheduler, ErrorHandler handler);

	/**
	 * Of the six that throw, those that are seen to.
	 * @return how many count as failed
	 */
	default int failuresSeen() {
		return 6;
	}

	/**
	 * Of the six, those that are seen at all.
	 * @return how many count as submitted
	 */
	default int tasksSeen() {
		return 6;
	}

	/**
	 * Row: a metered future inside a scheduler: removeOnCancel left 100 of 100, the
	 * ErrorHandler was not called.
	 */
	@Test
	default void whenTasksThrowThenTheErrorHandlerIsCalledAsUndecorated() {
		assertThat(errorsOf(decorated())).isEqualTo(errorsOf(twin())).hasSize(6);
		TaskTotals totals = bench().atRest();
		assertThat(totals.submitted()).isEqualTo(tasksSeen());
		assertThat(totals.failed()).isEqualTo(failuresSeen());
		if (failuresSeen() < 6) {
			assertThat(bench().monitored().coverageReason()).contains("nor errors that its ErrorHandler takes");
		}
		if (tasksSeen() < 6) {
			assertThat(bench().monitored().coverageReason()).contains("nor tasks with a fixed delay");
		}
	}

	private List<String> errorsOf(E executor) {
		List<String> errors = new CopyOnWriteArrayList<>();
		setErrorHandler(executor, (ex) -> errors.add(ex.getMessage()));
		TaskScheduler scheduler = (TaskScheduler) executor;
		throwing(errors, 1, (task) -> scheduler.schedule(task, Instant.now()));
		throwing(errors, 2, (task) -> scheduler.schedule(task, new Once()));
		repeating(errors, 3, (task) -> scheduler.scheduleAtFixedRate(task, Duration.ofHours(1)));
		repeating(errors, 4, (task) -> scheduler.scheduleWithFixedDelay(task, Duration.ofHours(1)));
		throwing(errors, 5, executor::execute);
		throwing(errors, 6, ((AsyncTaskExecutor) executor)::submit);
		return errors;
	}

	private static void repeating(List<String> errors, int expected, Repeat repeat) {
		ScheduledFuture<?> future = repeat.schedule(() -> {
			throw new IllegalStateException("error " + expected);
		});
		Bench.await().until(() -> errors.size() == expected);
		future.cancel(false);
	}

	private static void throwing(List<String> errors, int expected, Executor way) {
		CountDownLatch started = new CountDownLatch(1);
		way.execute(() -> {
			started.countDown();
			throw new IllegalStateException("error " + expected);
		});
		Hold.await(started);
		Bench.await().until(() -> errors.size() == expected);
	}

	/**
	 * Schedules a task again and again.
	 */
	interface Repeat {

		ScheduledFuture<?> schedule(Runnable task);

	}

	/**
	 * Is due at once, and never again.
	 */
	final class Once implements Trigger {

		@Override
		public @Nullable Instant nextExecution(TriggerContext context) {
			return (context.lastCompletion() != null) ? null : Instant.now();
		}

	}

}
