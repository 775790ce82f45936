// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.versions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import tools.jackson.databind.JsonNode;

import io.github.executormetrics.versions.ContractApplication.ByClass;
import io.github.executormetrics.versions.ContractApplication.ByInterface;
import io.github.executormetrics.versions.ContractApplication.Mailer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a web application: its executors are what it made them, and endpoint, health
 * and meters show what they do.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTests {

	private static final int TASKS = 20;

	// both servers are on the class path
	private static final String JETTY = "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration";

	private static final String TOMCAT = "org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration";

	private Path log;

	private ConfigurableApplicationContext application;

	private Actuator actuator;

	@BeforeAll
	void start(@TempDir Path directory) {
		this.log = directory.resolve("start.log");
		this.application = start(JETTY, "--logging.file.name=" + this.log,
				"--management.endpoint.health.show-details=always", "--executor-metrics.watch.interval=100ms",
				"--executor-metrics.watch.window=1s", "--executor-metrics.watch.grace=0s",
				"--executor-metrics.executors.stalled.limits.stall=1s",
				"--executor-metrics.executors.stalled.limits.mean-wait=1h");
		this.actuator = actuator(this.application);
	}

	@AfterAll
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
	}

	@Test
	void whenStartedThenLogHasNoWarning() throws Exception {
		assertThat(Files.readString(this.log)).containsPattern("Started \\w+ in")
			.doesNotContain(" WARN ", " ERROR ", "\tat ", "not eligible");
	}

	@Test
	void whenInjectedByClassAndByInterfaceThenIsOneObject() {
		ByClass byClass = this.application.getBean(ByClass.class);
		ByInterface byInterface = this.application.getBean(ByInterface.class);
		assertThat(byInterface.pool()).isSameAs(byClass.pool()).isSameAs(this.application.getBean("pool"));
		assertThat(byInterface.ownPool()).isSameAs(byClass.ownPool());
		assertThat(byInterface.scheduler()).isSameAs(byClass.scheduler());
		assertThat(byInterface.threads()).isSameAs(byClass.threads());
		assertThat(byInterface.adapter()).isSameAs(byClass.adapter());
		assertThat(byInterface.service()).isInstanceOf(ThreadPoolExecutor.class);
		assertThat(byInterface.timer()).isSameAs(this.application.getBean("timer"));
	}

	@Test
	void whenGettersAreAskedThenValuesAreAsSet() {
		ByClass beans = this.application.getBean(ByClass.class);
		for (ThreadPoolTaskExecutor pool : List.of(beans.pool(), beans.ownPool())) {
			assertThat(pool.getCorePoolSize()).isEqualTo(2);
			assertThat(pool.getMaxPoolSize()).isEqualTo(3);
			assertThat(pool.getQueueCapacity()).isEqualTo(50);
			assertThat(pool.getKeepAliveSeconds()).isEqualTo(7);
			assertThat(pool.getThreadNamePrefix()).isEqualTo("own-");
			assertThat(pool.getThreadPoolExecutor().getCorePoolSize()).isEqualTo(2);
			assertThat(pool.getThreadPoolExecutor().getMaximumPoolSize()).isEqualTo(3);
			assertThat(pool.getThreadPoolExecutor().getQueue().remainingCapacity()).isPositive();
		}
		assertThat(beans.ownPool().twice(4)).isEqualTo(8);
		assertThat(beans.scheduler().getScheduledThreadPoolExecutor().getCorePoolSize()).isEqualTo(2);
		assertThat(beans.scheduler().getScheduledThreadPoolExecutor().getRemoveOnCancelPolicy()).isTrue();
		assertThat(beans.scheduler().getThreadNamePrefix()).isEqualTo("own-");
		assertThat(beans.threads().getConcurrencyLimit()).isEqualTo(4);
		assertThat(beans.threads().getThreadNamePrefix()).isEqualTo("own-");
		ThreadPoolExecutor service = this.application.getBean("service", ThreadPoolExecutor.class);
		assertThat(service.getMaximumPoolSize()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool", "ownPool", "scheduler", "threads", "service", "timer", "adapter" })
	void whenTasksRunThenEndpointAndScrapeCountThem(String name) throws Exception {
		JsonNode before = executor(name);
		assertThat(before.get("coverage").asString()).isEqualTo("tasks");
		for (Future<String> task : submit(name)) {
			assertThat(task.get(30, TimeUnit.SECONDS)).isNotEmpty();
		}
		long submitted = before.at("/tasks/submitted").asLong() + TASKS;
		awaitCompleted(name, before.at("/tasks/completed").asLong() + TASKS);
		assertThat(executor(name).at("/tasks/submitted").asLong()).isEqualTo(submitted);
		String scrape = this.actuator.text("prometheus");
		assertThat(sample(scrape, "executor_task_submitted_total", name)).isEqualTo(submitted);
		assertThat(sample(scrape, "executor_task_run_seconds_count", name)).isPositive();
		assertThat(sample(scrape, "executor_task_wait_seconds_count", name)).isPositive();
		assertThat(sample(scrape, "executor_starved", name)).isZero();
	}

	@Test
	void whenSchedulerGetsAJobThenItsRunIsCounted() throws Exception {
		long completed = executor("scheduler").at("/tasks/completed").asLong();
		CountDownLatch ran = new CountDownLatch(1);
		this.application.getBean(ByInterface.class).scheduler().schedule(ran::countDown, Instant.now());
		assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
		awaitCompleted("scheduler", completed + 1);
	}

	@Test
	void whenAsyncMethodRunsThenItsTaskIsNamedAfterIt() {
		this.application.getBean(Mailer.class).send();
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.actuator.text("executors/ownPool")).contains("Mailer.send"));
	}

	@Test
	void whenServedByTomcatThenItsThreadsAreWatched() throws Exception {
		assertThat(executor("tomcat-http").at("/workers/limit").asInt()).isPositive();
	}

	@Test
	void whenServedByJettyThenItsThreadsAreWatched() throws Exception {
		try (ConfigurableApplicationContext onJetty = start(TOMCAT)) {
			assertThat(actuator(onJetty).json("executors/jetty-http").at("/workers/limit").asInt()).isPositive();
		}
	}

	@Test
	void whenPoolStallsThenEndpointHealthAndScrapeSaySo() throws Exception {
		assertThat(this.actuator.json("health").at("/components/executors/status").asString()).isEqualTo("UP");
		ThreadPoolTaskExecutor stalled = this.application.getBean("stalled", ThreadPoolTaskExecutor.class);
		CountDownLatch released = new CountDownLatch(1);
		try {
			for (int i = 0; i < 3; i++) {
				stalled.execute(() -> await(released));
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(executor("stalled").get("verdict").asString()).isEqualTo("STALLED"));
			JsonNode health = this.actuator.json("health");
			assertThat(health.get("status").asString()).isEqualTo("STARVED");
			assertThat(health.at("/components/executors/status").asString()).isEqualTo("STARVED");
			assertThat(health.at("/components/executors/details/starving/stalled").isMissingNode()).isFalse();
			assertThat(sample(this.actuator.text("prometheus"), "executor_starved", "stalled")).isOne();
		}
		finally {
			released.countDown();
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.actuator.json("health").get("status").asString()).isEqualTo("UP"));
		assertThat(this.actuator.json("executors/stalled/incidents").at("/incidents/0/end").asString()).isNotEmpty();
	}

	private static ConfigurableApplicationContext start(String excluded, String... properties) {
		List<String> arguments = new ArrayList<>(List.of(properties));
		arguments.addAll(List.of("--server.port=0", "--spring.autoconfigure.exclude=" + excluded,
				"--management.endpoints.web.exposure.include=health,prometheus,executors",
				"--management.otlp.metrics.export.enabled=false", "--management.tracing.export.otlp.enabled=false",
				"--management.logging.export.otlp.enabled=false"));
		return new SpringApplication(ContractApplication.class).run(arguments.toArray(String[]::new));
	}

	private static Actuator actuator(ConfigurableApplicationContext application) {
		return new Actuator(application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	private JsonNode executor(String name) throws Exception {
		return this.actuator.json("executors/" + name);
	}

	private void awaitCompleted(String name, long tasks) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(
					() -> assertThat(executor(name).at("/tasks/completed").asLong()).isGreaterThanOrEqualTo(tasks));
	}

	private List<Future<String>> submit(String name) {
		Object bean = this.application.getBean(name);
		Callable<String> task = () -> Thread.currentThread().getName();
		List<Future<String>> futures = new ArrayList<>();
		for (int i = 0; i < TASKS; i++) {
			futures.add((bean instanceof AsyncTaskExecutor executor) ? executor.submit(task)
					: this.application.getBean(name, ExecutorService.class).submit(task));
		}
		return futures;
	}

	private static double sample(String scrape, String meter, String name) {
		Pattern line = Pattern.compile(meter + "\\{[^}]*\\bname=\"" + name + "\"[^}]*} (.+)");
		return line.matcher(scrape)
			.results()
			.mapToDouble((sample) -> Double.parseDouble(sample.group(1)))
			.reduce(Double::sum)
			.orElseThrow(() -> new AssertionError(meter + " of " + name + " is not in " + scrape));
	}

	private static void await(CountDownLatch released) {
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
