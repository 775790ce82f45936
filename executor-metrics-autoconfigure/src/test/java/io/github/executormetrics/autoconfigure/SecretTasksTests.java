// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a task carries is nobody's business: its class is named, and nothing else of it.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretTasksTests {

	private static final String SECRET = "secret-4711";

	private static final String[] EXECUTORS = { "executing", "running", "calling", "invoking", "scheduling" };

	// an order's customer was read in the metrics of a thread pool
	@Test
	void getWhenTasksHaveSecretsThenOnlyTheirClassIsNamed(CapturedOutput output) {
		CountDownLatch held = new CountDownLatch(1);
		try (WebApplication application = WebApplication.start(Executors.class, "executor-metrics.limits.stuck=100ms",
				"executor-metrics.limits.stall=100ms", "management.endpoint.executors.show-stacks=always",
				"logging.level.io.github.executormetrics.watch=debug")) {
			try {
				// of a name that has ended before, they are stuck
				handOver(application.context(), new CountDownLatch(0));
				for (String executor : EXECUTORS) {
					await().until(() -> Runners.tasks(application.context(), executor).completed() == 3);
				}
				handOver(application.context(), held);
				for (String executor : EXECUTORS) {
					await().untilAsserted(() -> assertShown(application, executor, output));
				}
				assertThat(application.get("/actuator/executors").body()).contains(name()).doesNotContain(SECRET);
				assertThat(application.get("/actuator/health").body()).contains(name()).doesNotContain(SECRET);
			}
			finally {
				held.countDown();
			}
			for (String executor : EXECUTORS) {
				await().untilAsserted(() -> assertThat(output).contains("Executor '" + executor + "' recovered"));
				assertThat(application.get("/actuator/executors/" + executor + "/incidents").body())
					.contains(name(), "durationMillis")
					.doesNotContain(SECRET);
			}
		}
		assertThat(output).doesNotContain(SECRET);
	}

	private static void assertShown(WebApplication application, String executor, CapturedOutput output) {
		String incidents = application.get("/actuator/executors/" + executor + "/incidents").body();
		assertThat(JsonPath.<List<Object>>read(incidents,
				"$.incidents[?(@.verdict == 'STALLED')].holding['" + name() + "']"))
			.containsExactly(1);
		if (!executor.equals("scheduling")) {
			// what a scheduler has in its queue tells no name
			assertThat(JsonPath.<Integer>read(incidents, "$.incidents[0].waiting['" + name() + "']")).isEqualTo(2);
		}
		String details = application.get("/actuator/executors/" + executor).body();
		assertThat(JsonPath.<List<List<String>>>read(details, "$.causes[*].stacks[*].tasks"))
			.containsExactly(List.of(name()));
		assertThat(details + incidents).doesNotContain(SECRET);
		assertThat(output).contains("Executor '" + executor + "' has a stuck task")
			.contains("Executor '" + executor + "', workers with this stack: 1");
	}

	private static String name() {
		return SecretTask.class.getName();
	}

	/**
	 * Each in its own way, one that holds the worker and two that wait.
	 */
	private static void handOver(ApplicationContext context, CountDownLatch held) {
		ThreadPoolTaskExecutor executing = context.getBean("executing", ThreadPoolTaskExecutor.class);
		ThreadPoolTaskExecutor running = context.getBean("running", ThreadPoolTaskExecutor.class);
		ThreadPoolTaskExecutor calling = context.getBean("calling", ThreadPoolTaskExecutor.class);
		ThreadPoolTaskScheduler scheduling = context.getBean("scheduling", ThreadPoolTaskScheduler.class);
		for (int i = 0; i < 3; i++) {
			executing.execute(new SecretTask(SECRET, held));
			running.submit((Runnable) new SecretTask(SECRET, held));
			calling.submit((Callable<String>) new SecretTask(SECRET, held));
			scheduling.schedule(new SecretTask(SECRET, held), scheduling.getClock().instant());
		}
		List<SecretTask> tasks = Stream.generate(() -> new SecretTask(SECRET, held)).limit(3).toList();
		Thread caller = new Thread(() -> {
			try {
				context.getBean("invoking", ThreadPoolTaskExecutor.class).getThreadPoolExecutor().invokeAll(tasks);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		caller.setDaemon(true);
		caller.start();
	}

	/**
	 * Tells its secret whoever asks, and is what its thread is parked on.
	 */
	record SecretTask(String secret, CountDownLatch held) implements Runnable, Callable<String> {

		@Override
		public void run() {
			call();
		}

		@Override
		public String call() {
			while (this.held.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
				LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(10));
			}
			return this.secret;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Executors {

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor executing() {
			return single();
		}

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor running() {
			return single();
		}

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor calling() {
			return single();
		}

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor invoking() {
			return single();
		}

		@Bean(defaultCandidate = false)
		ThreadPoolTaskScheduler scheduling() {
			return new ThreadPoolTaskScheduler();
		}

		private static ThreadPoolTaskExecutor single() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(1);
			return executor;
		}

	}

}
