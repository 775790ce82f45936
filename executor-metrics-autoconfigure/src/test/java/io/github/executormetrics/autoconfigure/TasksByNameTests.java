// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor.RunningTaskDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.TasksByNameDescriptor;
import io.github.executormetrics.actuate.TasksByNameDescriptor.SampledDescriptor;
import io.github.executormetrics.actuate.TasksByNameDescriptor.TaskDescriptor;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the endpoint tells of tasks by their names, with real threads.
 */
@Tag("live")
@ExtendWith(OutputCaptureExtension.class)
class TasksByNameTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withUserConfiguration(Executing.class)
		.withPropertyValues("executor-metrics.tasks.sampling=1");

	@Test
	void whenTasksRanThenEachNameHasItsCountsAndTheTopTellsThem() {
		this.runner.run((context) -> {
			run(context, "pool", 3, "mail", () -> {
			});
			run(context, "pool", 2, "bill", () -> {
				throw new IllegalStateException("no money");
			});
			run(context, "pool", 1, "report", () -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)));
			soon().untilAsserted(() -> assertThat(named(context, "pool", "report").completed()).isEqualTo(1));
			TaskDescriptor mail = named(context, "pool", "mail");
			assertThat(mail.started()).isEqualTo(3);
			assertThat(mail.completed()).isEqualTo(3);
			assertThat(mail.errors()).isZero();
			assertThat(mail.waits().maxMillis()).isPositive().isGreaterThanOrEqualTo(mail.waits().meanMillis());
			assertThat(named(context, "pool", "bill").errors()).isEqualTo(2);
			TaskDescriptor report = named(context, "pool", "report");
			assertThat(report.runs().maxMillis()).isGreaterThanOrEqualTo(50).isEqualTo(report.runs().meanMillis());
			assertThat(report.workerTimeShare()).isGreaterThan(0.5);
			TasksByNameDescriptor tasks = Objects.requireNonNull(details(context, "pool").tasksByName());
			assertThat(tasks.top().workerTimeShare().keySet().iterator().next()).isEqualTo("report");
			assertThat(tasks.top().errors()).containsOnlyKeys("bill").containsValue(2L);
			assertThat(tasks.top().meanWaitMillis()).containsOnlyKeys("mail", "bill", "report");
			assertThat(tasks.names().values().stream().mapToDouble(TaskDescriptor::workerTimeShare).sum())
				.isBetween(0.99, 1.01);
		});
	}

	@Test
	void whenMoreThanTenNamesStandOutThenTheTopHasTen() {
		this.runner.run((context) -> {
			IntStream.range(0, 15).forEach((i) -> run(context, "pool", i + 1, "n" + i, () -> {
				throw new IllegalStateException();
			}));
			soon().untilAsserted(() -> assertThat(named(context, "pool", "n14").errors()).isEqualTo(15));
			TasksByNameDescriptor tasks = Objects.requireNonNull(details(context, "pool").tasksByName());
			assertThat(tasks.names()).hasSize(15);
			assertThat(tasks.top().errors().keySet()).hasSize(10).startsWith("n14", "n13").endsWith("n5");
			assertThat(tasks.top().workerTimeShare()).hasSize(10);
			assertThat(tasks.top().meanWaitMillis()).hasSize(10);
		});
	}

	@Test
	void whenTasksRunThenTheyAreShownWithNameThreadAndAge() {
		this.runner.run((context) -> {
			CountDownLatch running = new CountDownLatch(2);
			CountDownLatch go = new CountDownLatch(1);
			for (String name : new String[] { "first", "second" }) {
				context.getBean("pool", Executor.class).execute(NamedTask.of(name, () -> {
					running.countDown();
					Hold.until(go);
				}));
			}
			assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(details(context, "pool").running().oldest()).hasSize(2)
				.allSatisfy((task) -> assertThat(task.thread()).startsWith("pool-"))
				.allSatisfy((task) -> assertThat(task.ageMillis()).isPositive())
				.extracting(RunningTaskDescriptor::task)
				.containsExactlyInAnyOrder("first", "second");
			go.countDown();
			soon().untilAsserted(() -> assertThat(details(context, "pool").running().oldest()).isEmpty());
		});
	}

	@Test
	void whenTasksComputeOrWaitThenTheirKindTellsAndTheSamplesAreThere() {
		this.runner.run((context) -> {
			run(context, "pool", 4, "compute", () -> spin(20));
			run(context, "pool", 4, "wait", () -> {
				for (int i = 0; i < 5; i++) {
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
				}
			});
			soon().untilAsserted(() -> {
				assertThat(named(context, "pool", "compute").completed()).isEqualTo(4);
				assertThat(named(context, "pool", "wait").completed()).isEqualTo(4);
			});
			TaskDescriptor wait = named(context, "pool", "wait");
			assertThat(wait.kind()).isEqualTo("waiting");
			SampledDescriptor waited = Objects.requireNonNull(wait.sampled());
			assertThat(waited.tasks()).isEqualTo(4);
			assertThat(waited.cpuShare()).isLessThan(0.5);
			// put on a CPU to begin with, and after each time it parked
			assertThat(waited.meanPolls()).isBetween(5.5, 8.0);
			SampledDescriptor computed = Objects.requireNonNull(named(context, "pool", "compute").sampled());
			// however often others take the CPU: its share is theirs to say
			assertThat(computed.meanCpuMillis()).isBetween(20.0, 40.0);
			assertThat(computed.cpuShare()).isGreaterThan(waited.cpuShare());
			assertThat(computed.meanAllocatedBytes()).isNotNull();
		});
	}

	@Test
	void whenATaskAllocatesThenItsBytesAreTold() {
		this.runner.run((context) -> {
			byte[][] kept = new byte[1][];
			run(context, "pool", 1, "allocate", () -> kept[0] = new byte[10_000_000]);
			soon().untilAsserted(() -> assertThat(named(context, "pool", "allocate").completed()).isEqualTo(1));
			assertThat(Objects.requireNonNull(named(context, "pool", "allocate").sampled()).meanAllocatedBytes())
				.isBetween(10_000_000L, 10_100_000L);
		});
	}

	@Test
	void whenBudgetsAreSetThenWhatTakesMoreIsCountedBySmallestOwner() {
		this.runner
			.withPropertyValues("executor-metrics.budget.run=10s", "executor-metrics.budget.cpu=80ms",
					"executor-metrics.budget.polls=1000", "executor-metrics.executors.plain.budget.run=5ms",
					"executor-metrics.tasks.budgets.[Mail.send].polls=3")
			.run((context) -> {
				Runnable parks = () -> {
					for (int i = 0; i < 5; i++) {
						LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
					}
				};
				run(context, "pool", 2, "spin", () -> spin(150));
				run(context, "pool", 2, "parks", parks);
				run(context, "pool", 2, "Mail.send", parks);
				run(context, "plain", 3, "parks", parks);
				soon().untilAsserted(() -> {
					assertThat(details(context, "pool").running().tasks()).isZero();
					assertThat(named(context, "pool", "Mail.send").completed()).isEqualTo(2);
					assertThat(named(context, "plain", "parks").completed()).isEqualTo(3);
					assertThat(named(context, "pool", "spin").completed()).isEqualTo(2);
				});
				assertThat(named(context, "pool", "spin").exhausted()).isEqualTo(exhausted(0L, 2L, 0L));
				assertThat(named(context, "pool", "parks").exhausted()).isEqualTo(exhausted(0L, 0L, 0L));
				assertThat(named(context, "pool", "Mail.send").exhausted()).isEqualTo(exhausted(0L, 0L, 2L));
				assertThat(named(context, "plain", "parks").exhausted()).isEqualTo(exhausted(3L, 0L, 0L));
				ExecutorDetailsDescriptor.BudgetDescriptor pool = Objects
					.requireNonNull(details(context, "pool").budget());
				assertThat(pool.runMillis()).isEqualTo(10_000);
				assertThat(pool.cpuMillis()).isEqualTo(80);
				assertThat(pool.polls()).isEqualTo(1000);
				assertThat(pool.exhausted()).isEqualTo(exhausted(0L, 2L, 2L));
				assertThat(Objects.requireNonNull(details(context, "plain").budget()).runMillis()).isEqualTo(5);
			});
	}

	@Test
	void whenNothingIsSetThenRunTimeHasNoBudget() {
		Runners.with().withUserConfiguration(Executing.class).run((context) -> {
			ExecutorDetailsDescriptor.BudgetDescriptor budget = Objects
				.requireNonNull(details(context, "pool").budget());
			assertThat(budget.runMillis()).isNull();
			assertThat(budget.cpuMillis()).isEqualTo(100);
			assertThat(budget.polls()).isEqualTo(100);
		});
	}

	@Test
	void whenOneInManyIsSampledThenNoMoreAreAndTheRunBudgetIsExact() {
		this.runner
			.withPropertyValues("executor-metrics.tasks.sampling=10", "executor-metrics.budget.run=1ns",
					"executor-metrics.budget.cpu=1ns")
			.run((context) -> {
				run(context, "pool", 2_000, "tiny", () -> {
				});
				soon().untilAsserted(() -> assertThat(named(context, "pool", "tiny").completed()).isEqualTo(2_000));
				TaskDescriptor tiny = named(context, "pool", "tiny");
				long samples = Objects.requireNonNull(tiny.sampled()).tasks();
				// 200 with a deviation of 8, unless more than one a millisecond
				assertThat(samples).isBetween(1L, 260L);
				assertThat(tiny.exhausted()).containsEntry("run", 2_000L).containsEntry("cpu", samples);
			});
	}

	@Test
	void whenSamplingIsOffThenNoKindIsTold() {
		this.runner.withPropertyValues("executor-metrics.tasks.sampling=0").run((context) -> {
			run(context, "pool", 500, "tiny", () -> {
			});
			soon().untilAsserted(() -> assertThat(named(context, "pool", "tiny").completed()).isEqualTo(500));
			assertThat(named(context, "pool", "tiny").sampled()).isNull();
			assertThat(named(context, "pool", "tiny").kind()).isNull();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenThreadsAreVirtualThenCpuAndPollsAreUnavailable() {
		this.runner.withPropertyValues("executor-metrics.budget.run=1ns").run((context) -> {
			run(context, "virtual", 3, "light", () -> {
			});
			soon().untilAsserted(() -> assertThat(named(context, "virtual", "light").completed()).isEqualTo(3));
			TaskDescriptor light = named(context, "virtual", "light");
			assertThat(light.kind()).isEqualTo("unavailable");
			assertThat(light.sampled()).isNull();
			assertThat(light.exhausted()).isEqualTo(exhausted(3L, "unavailable", "unavailable"));
			assertThat(Objects.requireNonNull(details(context, "virtual").budget()).exhausted())
				.isEqualTo(exhausted(3L, "unavailable", "unavailable"));
		});
	}

	@Test
	void whenTheExecutorsLoggerIsAtDebugThenStartAndCompletionAreWritten(CapturedOutput output) {
		this.runner.withInitializer((context) -> {
			level("pool", LogLevel.DEBUG);
			level("plain", LogLevel.INFO);
		}).run((context) -> {
			run(context, "pool", 1, "good", () -> {
			});
			run(context, "pool", 1, "bad", () -> {
				throw new IllegalStateException("a secret");
			});
			run(context, "plain", 1, "unheard", () -> {
			});
			soon().untilAsserted(() -> assertThat(
					output.getOut().lines().filter((line) -> line.contains("Task '") && line.contains("' completed")))
				.hasSize(2));
			assertThat(output).containsPattern("Task 'good' started after a wait of \\d+\\.\\d{3} ms")
				.containsPattern("Task 'good' completed in \\d+\\.\\d{3} ms after a wait of \\d+\\.\\d{3} ms: success")
				.containsPattern(
						"Task 'bad' completed in .* ms after a wait of .* ms: error java.lang.IllegalStateException")
				.doesNotContain("Task 'unheard'");
			assertThat(output.getOut().lines().filter((line) -> line.contains("Task '")))
				.noneMatch((line) -> line.contains("secret"));
		});
	}

	@Test
	void whenTheLevelChangesAtRunTimeThenTheNextLookOfTheWatchFindsIt(CapturedOutput output) {
		level("plain", LogLevel.INFO);
		this.runner.withPropertyValues("executor-metrics.watch.interval=10ms").run((context) -> {
			run(context, "plain", 1, "unheard", () -> {
			});
			soon().untilAsserted(() -> assertThat(named(context, "plain", "unheard").completed()).isEqualTo(1));
			level("plain", LogLevel.DEBUG);
			soon().untilAsserted(() -> {
				run(context, "plain", 1, "heard", () -> {
				});
				assertThat(output).contains("Task 'heard' started").contains("Task 'heard' completed");
			});
			assertThat(output).doesNotContain("Task 'unheard'");
		});
	}

	@AfterEach
	void resetLevels() {
		level("pool", null);
		level("plain", null);
	}

	private static void level(String executor, @Nullable LogLevel level) {
		new LogbackLoggingSystem(TasksByNameTests.class.getClassLoader())
			.setLogLevel("io.github.executormetrics.executor." + executor, level);
	}

	/** Tasks fail on purpose. */
	private static ConditionFactory soon() {
		return await().dontCatchUncaughtExceptions();
	}

	private static Map<String, Object> exhausted(Object run, Object cpu, Object polls) {
		return Map.of("run", run, "cpu", cpu, "polls", polls);
	}

	/** Use CPU time of this thread, however often it is interrupted by others. */
	private static void spin(long millis) {
		var threads = ManagementFactory.getThreadMXBean();
		long until = threads.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		while (threads.getCurrentThreadCpuTime() < until) {
			Thread.onSpinWait();
		}
	}

	private static void run(BeanFactory context, String executor, int times, String name, Runnable task) {
		for (int i = 0; i < times; i++) {
			context.getBean(executor, Executor.class).execute(NamedTask.of(name, task));
		}
	}

	private static ExecutorDetailsDescriptor details(BeanFactory context, String executor) {
		return Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(executor));
	}

	private static TaskDescriptor named(BeanFactory context, String executor, String name) {
		Map<String, TaskDescriptor> tasks = Runners.named(context, executor);
		assertThat(tasks).containsKey(name);
		return Objects.requireNonNull(tasks.get(name));
	}

	@Configuration(proxyBeanMethods = false)
	static class Executing {

		@Bean
		ThreadPoolTaskExecutor pool() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(2);
			return executor;
		}

		@Bean(destroyMethod = "shutdownNow")
		ThreadPoolExecutor plain() {
			return (ThreadPoolExecutor) Executors.newFixedThreadPool(2);
		}

		@Bean
		SimpleAsyncTaskExecutor virtual() {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
			if (JRE.currentJre().compareTo(JRE.JAVA_21) >= 0) {
				executor.setVirtualThreads(true);
			}
			return executor;
		}

	}

}
