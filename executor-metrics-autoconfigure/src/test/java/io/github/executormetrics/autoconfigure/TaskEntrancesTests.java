// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every way to hand a task over is metered, and metered once.
 */
class TaskEntrancesTests {

	private static final Callable<String> TASK = () -> "done";

	// submitCompletable and execute with a timeout went past the advice; submit through
	// the inner pool did too
	@ParameterizedTest
	@MethodSource("ways")
	void handOverWhenInAnyWayThenMeteredOnce(Way way) {
		Runners.with()
			.withBean("executor", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				way.handOver(context.getBean(ThreadPoolTaskExecutor.class));
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(1));
				assertThat(Runners.tasks(context, "executor").submitted()).isEqualTo(1);
			});
	}

	@SuppressWarnings("removal")
	static Stream<Way> ways() {
		return Stream.of((tasks) -> tasks.execute(() -> {
		}), (tasks) -> Runners.get(tasks.submit(TASK)), (tasks) -> Runners.get(tasks.submit(() -> {
		})), (tasks) -> Runners.get(tasks.submitCompletable(TASK)),
				(tasks) -> Runners.get(tasks.submitCompletable(() -> {
				})), (tasks) -> tasks.execute(() -> {
				}, AsyncTaskExecutor.TIMEOUT_IMMEDIATE), (tasks) -> tasks.getThreadPoolExecutor().execute(() -> {
				}), (tasks) -> Runners.get(tasks.getThreadPoolExecutor().submit(TASK)));
	}

	// tasks given to a scheduler's inner pool went unseen
	@Test
	void handOverWhenThroughPoolOfSchedulerThenMeteredOnce() {
		Runners.with()
			.withBean("scheduler", ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new)
			.run((context) -> {
				ThreadPoolTaskScheduler scheduler = context.getBean(ThreadPoolTaskScheduler.class);
				Runners.get(scheduler.getScheduledThreadPoolExecutor().submit(TASK));
				Runners.get(scheduler.getScheduledExecutor().submit(TASK));
				Runners.get(scheduler.submitCompletable(TASK));
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "scheduler").completed()).isEqualTo(3));
				assertThat(Runners.tasks(context, "scheduler").submitted()).isEqualTo(3);
			});
	}

	// a user's class that overrides submit was passed by
	@Test
	void submitWhenUserOverridesItThenOverrideIsCalledAndTaskMeteredOnce() {
		OwnSubmit own = new OwnSubmit();
		Runners.with().withBean("executor", OwnSubmit.class, () -> own).run((context) -> {
			ThreadPoolTaskExecutor tasks = context.getBean(ThreadPoolTaskExecutor.class);
			assertThat(Runners.get(tasks.submit(TASK))).isEqualTo("done");
			Runners.get(tasks.submit(() -> {
			}));
			assertThat(own.calls).hasValue(2);
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(2));
			assertThat(Runners.tasks(context, "executor").submitted()).isEqualTo(2);
		});
	}

	@FunctionalInterface
	interface Way {

		void handOver(ThreadPoolTaskExecutor tasks) throws Exception;

	}

	@SuppressWarnings("serial")
	public static class OwnSubmit extends ThreadPoolTaskExecutor {

		private final AtomicInteger calls = new AtomicInteger();

		@Override
		public <T> Future<T> submit(Callable<T> task) {
			this.calls.incrementAndGet();
			return super.submit(task);
		}

		@Override
		public Future<?> submit(Runnable task) {
			this.calls.incrementAndGet();
			return super.submit(task);
		}

	}

}
