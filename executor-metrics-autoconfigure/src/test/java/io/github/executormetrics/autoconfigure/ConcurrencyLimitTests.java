// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.github.executormetrics.actuate.ExecutorDescriptor.QueueDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Executors that make a thread for each task, and hold submitters at a limit.
 */
class ConcurrencyLimitTests {

	private static final double HELD_MILLIS = 60;

	// with virtual threads, tasks held at the limit showed no wait at all
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void waitWhenVirtualThreadsHaveLimitThenIncludesTheThrottle() {
		Runners.with()
			.withConfiguration(Runners.TASKS)
			.withPropertyValues("spring.threads.virtual.enabled=true",
					"spring.task.execution.simple.concurrency-limit=1")
			.run((context) -> {
				SimpleAsyncTaskExecutor executor = context.getBean("applicationTaskExecutor",
						SimpleAsyncTaskExecutor.class);
				assertThat(Runners.run(executor, () -> Thread.currentThread().getName())).isEqualTo("task-1");
				assertWaitIncludesThrottle(context, "applicationTaskExecutor");
			});
	}

	// the same with threads of the platform, whose submitters are held just so
	@Test
	void waitWhenPlatformThreadsHaveLimitThenIncludesTheThrottle() {
		Runners.with().withBean("simple", SimpleAsyncTaskExecutor.class, () -> {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
			executor.setConcurrencyLimit(1);
			return executor;
		}).run((context) -> {
			Runners.run(context.getBean("simple", Executor.class), () -> "done");
			assertWaitIncludesThrottle(context, "simple");
		});
	}

	private static void assertWaitIncludesThrottle(AssertableApplicationContext context, String name) throws Exception {
		Executor executor = context.getBean(name, Executor.class);
		CountDownLatch hold = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(1);
		Thread submitter = new Thread(() -> executor.execute(done::countDown));
		try {
			executor.execute(() -> awaitQuietly(hold));
			submitter.start();
			await().untilAsserted(() -> {
				QueueDescriptor queue = Objects.requireNonNull(Runners.shown(context, name).queue());
				assertThat(queue.depth()).isEqualTo(1);
				assertThat(queue.oldestMillis()).isNotNull().isGreaterThan(HELD_MILLIS);
			});
		}
		finally {
			hold.countDown();
		}
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		submitter.join(TimeUnit.SECONDS.toMillis(10));
		Timer wait = context.getBean(MeterRegistry.class).get("executor.task.wait").tag("name", name).timer();
		assertThat(wait.count()).isEqualTo(3);
		assertThat(wait.totalTime(TimeUnit.MILLISECONDS)).isGreaterThan(HELD_MILLIS);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
