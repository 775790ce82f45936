// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.autoconfigure.ExecutorMetersAutoConfigurationTests.Changing;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What breaks around the tasks does not break the tasks.
 */
@ExtendWith(OutputCaptureExtension.class)
class FaultsTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=20ms");

	// a registry that threw failed the tasks, or told of it once a task
	@Test
	void runWhenRegistryThrowsThenTasksRunAndFaultIsLoggedOnce(CapturedOutput output) {
		this.runner.withBean("registry", MeterRegistry.class, ThrowingRegistry::new)
			.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				ThreadPoolTaskExecutor tasks = context.getBean(ThreadPoolTaskExecutor.class);
				for (int i = 0; i < 5; i++) {
					assertThat(Runners.run(tasks, () -> "done")).isEqualTo("done");
				}
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "tasks").completed()).isEqualTo(5));
				assertThat(Runners.tasks(context, "tasks").active()).isZero();
			});
		assertThat(Runners.warnings(output)).filteredOn((line) -> line.contains("'tasks'")).hasSize(1);
	}

	// a registry that threw as meters went failed the first task of the pool
	@Test
	void runWhenRegistryThrowsAsCoverageChangesThenTasksRun() {
		AtomicBoolean broken = new AtomicBoolean();
		MeterRegistry registry = new SimpleMeterRegistry() {
			@Override
			public Meter remove(Meter meter) {
				if (broken.get()) {
					throw new IllegalStateException("registry");
				}
				return super.remove(meter);
			}
		};
		this.runner.withBean("registry", MeterRegistry.class, () -> registry)
			.withBean("tasks", Changing.class, Changing::new)
			.run((context) -> {
				Changing tasks = context.getBean(Changing.class);
				tasks.shutdown();
				tasks.queueOfItsOwn();
				tasks.initialize();
				broken.set(true);
				assertThat(Runners.run(tasks, () -> "done")).isEqualTo("done");
				// seen with the next tick, whose thread the registry must not stop
				await().untilAsserted(() -> assertThat(Runners.shown(context, "tasks").coverage()).isEqualTo("state"));
				assertThat(Runners.run(tasks, () -> "done")).isEqualTo("done");
				broken.set(false);
			});
	}

	// the user's decorator throws: who submits is told as before, and the counts hold
	@Test
	void runWhenUsersDecoratorThrowsThenSubmitterIsToldAndOtherTasksRun(CapturedOutput output) {
		AtomicBoolean broken = new AtomicBoolean(true);
		TaskDecorator decorator = (task) -> {
			if (broken.get()) {
				throw new IllegalStateException("decorator");
			}
			return task;
		};
		this.runner.withBean("tasks", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
			tasks.setTaskDecorator(decorator);
			return tasks;
		}).run((context) -> {
			ThreadPoolTaskExecutor tasks = context.getBean(ThreadPoolTaskExecutor.class);
			assertThatIllegalStateException().isThrownBy(() -> tasks.execute(() -> {
			})).withMessage("decorator");
			assertThatIllegalStateException().isThrownBy(() -> tasks.submit(() -> "done")).withMessage("decorator");
			broken.set(false);
			assertThat(Runners.get(tasks.submit(() -> "done"))).isEqualTo("done");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "tasks").completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, "tasks").submitted()).isEqualTo(1);
			assertThat(Runners.tasks(context, "tasks").rejected()).isZero();
		});
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// the user's handler throws something of its own: the same, and it is a refusal
	@Test
	void runWhenUsersHandlerThrowsThenSubmitterIsToldAndCountsHold(CapturedOutput output) {
		this.runner.withBean("tasks", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
			tasks.setMaxPoolSize(1);
			tasks.setQueueCapacity(0);
			tasks.setRejectedExecutionHandler((task, pool) -> {
				throw new IllegalStateException("handler");
			});
			return tasks;
		}).run((context) -> {
			ThreadPoolTaskExecutor tasks = context.getBean(ThreadPoolTaskExecutor.class);
			CountDownLatch hold = new CountDownLatch(1);
			tasks.execute(() -> awaitQuietly(hold));
			assertThatIllegalStateException().isThrownBy(() -> tasks.execute(() -> {
			})).withMessage("handler");
			assertThatIllegalStateException().isThrownBy(() -> tasks.submit(() -> "done")).withMessage("handler");
			hold.countDown();
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "tasks").completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, "tasks").submitted()).isEqualTo(1);
			assertThat(Runners.tasks(context, "tasks").rejected()).isEqualTo(2);
		});
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// a getter that threw ended the watch, the endpoint or the tasks
	@Test
	void readWhenGetterOfBeanThrowsThenTasksRunAndFaultIsLoggedOnce(CapturedOutput output) {
		ThrowingPool throwing = new ThrowingPool();
		this.runner.withBean("throwing", ThrowingPool.class, () -> throwing)
			.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				assertThat(Runners.run(context.getBean(ThrowingPool.class), () -> "done")).isEqualTo("done");
				int read = throwing.read.get();
				long ticks = context.getBean(ExecutorWatch.class).ticks();
				await().until(() -> throwing.read.get() > read + 5);
				await().until(() -> context.getBean(ExecutorWatch.class).ticks() > ticks + 3);
				assertThat(Runners.shown(context, "throwing").coverage()).isEqualTo("tasks");
				assertThat(Runners.tasks(context, "throwing").submitted()).isEqualTo(1);
				assertThat(Runners.shown(context, "tasks").verdict()).isEqualTo("HEALTHY");
			});
		assertThat(Runners.warnings(output)).singleElement().asString().contains("'throwing'");
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	static class ThrowingRegistry extends SimpleMeterRegistry {

		@Override
		protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
			return new CumulativeTimer(id, this.clock, config, pauseDetector, getBaseTimeUnit()) {
				@Override
				protected void recordNonNegative(long amount, TimeUnit unit) {
					throw new IllegalStateException("registry");
				}
			};
		}

	}

	public static class ThrowingPool extends ThreadPoolExecutor {

		private final AtomicInteger read = new AtomicInteger();

		ThrowingPool() {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

		@Override
		public int getActiveCount() {
			this.read.incrementAndGet();
			throw new IllegalStateException("getter");
		}

		@Override
		public int getPoolSize() {
			this.read.incrementAndGet();
			throw new IllegalStateException("getter");
		}

		@Override
		public long getCompletedTaskCount() {
			this.read.incrementAndGet();
			throw new IllegalStateException("getter");
		}

	}

}
