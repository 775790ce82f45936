// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the sample started from what AOT processing made of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class AotSampleIT {

	private ConfigurableApplicationContext application;

	private SampleClient client;

	private String startOutput;

	@BeforeAll
	void start(CapturedOutput output) {
		// no load of its own, so that what a test runs can be counted
		List<String> arguments = new ArrayList<>(List.of(SampleClient.QUICK));
		arguments.add("--sample.load=1h");
		SpringApplication sample = new SpringApplication(SampleApplication.class);
		sample.setMainApplicationClass(SampleApplication.class);
		this.application = sample.run(arguments.toArray(String[]::new));
		this.client = new SampleClient(
				this.application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
		this.startOutput = output.getAll();
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@Test
	void startsFromGeneratedCodeAndLogsNothingToAskAbout() {
		assertThat(AotDetector.useGeneratedArtifacts()).isTrue();
		assertThat(this.startOutput).contains("Starting AOT-processed ")
			.doesNotContain(" WARN ", " ERROR ", "\tat ", "not eligible");
	}

	@Test
	void stallComesAndGoes() {
		this.client.seeTroubleComeAndGo("stall", "reportExecutor", "STALLED");
	}

	@Test
	void executorsAreDecoratedAsWithoutAotProcessing() {
		JsonNode executors = this.client.json("/actuator/executors").get("executors");
		executors.forEachEntry((name, executor) -> assertThat(executor.get("coverage").asString()).as(name)
			.isEqualTo(SampleExecutors.coverage(name)));
		assertThat(executors.propertyNames()).containsExactlyInAnyOrderElementsOf(SampleExecutors.all());
	}

	@Test
	void taskExecutorKeepsTheContract() throws Exception {
		ThreadPoolTaskExecutor mails = this.application.getBean("mailExecutor", ThreadPoolTaskExecutor.class);
		ThreadPoolExecutor pool = mails.getThreadPoolExecutor();
		Figures before = new Figures("mailExecutor");
		CountDownLatch held = new CountDownLatch(mails.getCorePoolSize());
		CountDownLatch released = new CountDownLatch(1);
		for (int i = 0; i < mails.getCorePoolSize(); i++) {
			mails.execute(() -> {
				held.countDown();
				await(released);
			});
		}
		held.await();
		Future<?> queued = mails.submit(() -> {
		});
		Future<?> inPool = pool.submit(() -> {
		});
		assertThat(mails.getQueueSize()).isEqualTo(pool.getQueue().size()).isEqualTo(2);
		assertThat(queued.cancel(false)).isTrue();
		pool.purge();
		assertThat(pool.getQueue()).hasSize(1);
		released.countDown();
		inPool.get();
		assertThat(mails.submitCompletable(() -> Thread.currentThread().getName()).get()).startsWith("mail-");
		Future<?> failing = mails.submit((Callable<Object>) () -> {
			throw new IllegalStateException("no mail server");
		});
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(failing::get);
		CompletableFuture<Void> failingToo = mails.submitCompletable((Runnable) () -> {
			throw new IllegalStateException("no mail server");
		});
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(failingToo::get);
		// the error of the last one is in its future alone
		before.assertMore(9, 8, 1, 1);
	}

	@Test
	void poolKeepsTheContract() throws Exception {
		ThreadPoolExecutor reports = this.application.getBean("reportExecutor", ThreadPoolExecutor.class);
		assertThat(reports.getRejectedExecutionHandler()).isInstanceOf(ThreadPoolExecutor.AbortPolicy.class);
		CountDownLatch held = new CountDownLatch(2);
		CountDownLatch released = new CountDownLatch(1);
		// the scheduled reports stand in the queue meanwhile
		for (int i = 0; i < 2; i++) {
			reports.execute(() -> {
				held.countDown();
				await(released);
			});
		}
		held.await();
		Future<?> future = reports.submit(() -> "report");
		assertThat(reports.getActiveCount()).isEqualTo(2);
		assertThat(reports.remove((Runnable) future)).isTrue();
		assertThat(reports.remove((Runnable) future)).isFalse();
		released.countDown();
		Callable<Integer> task = () -> 3;
		for (Future<Integer> result : reports.invokeAll(List.of(task, task))) {
			assertThat(result.get()).isEqualTo(3);
		}
		int any = reports.invokeAny(List.of(task));
		assertThat(any).isEqualTo(3);
		assertThat(this.client.executor("reportExecutor").at("/tasks/cancelled").asLong()).isOne();
	}

	@Test
	void taskExecutorWithALimitKeepsTheContract() throws Exception {
		SimpleAsyncTaskExecutor suppliers = this.application.getBean(SimpleAsyncTaskExecutor.class);
		assertThat(suppliers.getConcurrencyLimit()).isEqualTo(100);
		Figures before = new Figures("supplierExecutor");
		assertThat(suppliers.submit(() -> Thread.currentThread().getName()).get()).startsWith("supplier-");
		Future<?> failing = suppliers.submit((Callable<Object>) () -> {
			throw new IllegalStateException("no supplier");
		});
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(failing::get);
		before.assertMore(2, 2, 1, 0);
	}

	@Test
	void schedulerKeepsTheContract() throws Exception {
		ThreadPoolTaskScheduler scheduler = this.application.getBean(ThreadPoolTaskScheduler.class);
		CountDownLatch ran = new CountDownLatch(2);
		scheduler.schedule(ran::countDown, scheduler.getClock().instant());
		scheduler.getScheduledThreadPoolExecutor().schedule(ran::countDown, 1, TimeUnit.MILLISECONDS);
		assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(scheduler.getPoolSize()).isEqualTo(scheduler.getScheduledThreadPoolExecutor().getPoolSize());
	}

	private static void await(CountDownLatch released) {
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The counts of an executor as the endpoint shows them.
	 */
	private final class Figures {

		private final String name;

		private final JsonNode before;

		Figures(String name) {
			this.name = name;
			// after the one order that is placed at the start
			this.before = Awaitility.await()
				.until(this::read, (tasks) -> tasks.get("completed").asLong() > 0 && tasks.get("active").asLong() == 0);
		}

		private JsonNode read() {
			return AotSampleIT.this.client.executor(this.name).get("tasks");
		}

		void assertMore(int submitted, int completed, int failed, int cancelled) {
			Awaitility.await().untilAsserted(() -> {
				JsonNode now = read();
				assertThat(more(now, "submitted")).isEqualTo(submitted);
				assertThat(more(now, "completed")).isEqualTo(completed);
				assertThat(more(now, "failed")).isEqualTo(failed);
				assertThat(more(now, "cancelled")).isEqualTo(cancelled);
				assertThat(now.get("active").asLong()).isZero();
			});
		}

		private long more(JsonNode now, String figure) {
			return now.get(figure).asLong() - this.before.get(figure).asLong();
		}

	}

}
