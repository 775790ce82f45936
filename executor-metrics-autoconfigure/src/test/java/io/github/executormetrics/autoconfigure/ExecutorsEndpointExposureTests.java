// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import com.jayway.jsonpath.JsonPath;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.NamedTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint as it is called from outside.
 */
class ExecutorsEndpointExposureTests {

	private static final String[] EXECUTOR = { "type", "origin", "coverage", "verdict", "causes", "readAt", "workers",
			"queue", "tasks", "wait", "run" };

	private static final String SHOWN = "management.endpoint.executors.show-stacks=always";

	// what people's dashboards and scripts read was renamed unseen
	@Test
	void getWhenExposedOverHttpThenHasTheDocumentedFields() throws Exception {
		try (WebApplication application = WebApplication.start()) {
			assertThat(JsonPath.<Map<String, Object>>read(application.get("/actuator/executors").body(),
					"$.executors.narrow.run"))
				.as("nothing was measured")
				.isEmpty();
			runInWindow(application);
			HttpResponse<String> response = application.get("/actuator/executors");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type")).hasValueSatisfying(
					(type) -> assertThat(type).startsWith("application/vnd.spring-boot.actuator.v3+json"));
			Map<String, Map<String, Object>> executors = JsonPath.read(response.body(), "$.executors");
			assertThat(executors.keySet())
				.containsExactlyInAnyOrderElementsOf(Runners.names("narrow", "applicationTaskExecutor", "tomcat-http"));
			Map<String, Object> narrow = JsonPath.read(response.body(), "$.executors.narrow");
			assertThat(narrow).containsOnlyKeys(EXECUTOR)
				.containsEntry("type", ThreadPoolTaskExecutor.class.getName())
				.containsEntry("origin", "bean")
				.containsEntry("coverage", "tasks")
				.containsEntry("verdict", "HEALTHY");
			assertFields(response.body(), "$.executors.narrow");
		}
	}

	// what runs beside the executors was told nowhere
	@Test
	void getWhenThreadsRunBesideTheExecutorsThenListsThem() {
		try (WebApplication application = WebApplication.start()) {
			String json = application.get("/actuator/executors").body();
			List<Map<String, Object>> acceptors = JsonPath.read(json,
					"$.otherThreads[?(@.pattern == 'http-nio-auto-*-Acceptor')]");
			assertThat(acceptors).hasSize(1)
				.first(InstanceOfAssertFactories.map(String.class, Object.class))
				.containsOnlyKeys("pattern", "count", "states", "kind", "metering")
				.containsEntry("count", 1)
				.containsEntry("states", Map.of("RUNNABLE", 1))
				.containsEntry("kind", "Tomcat");
			assertThat(JsonPath.<List<String>>read(json, "$.otherThreads[*].pattern"))
				.noneMatch((pattern) -> pattern.contains("-exec-"));
		}
	}

	private static void assertFields(String json, String path) {
		assertKeys(json, path + ".workers", "busy", "idle", "limit", "size", "core");
		assertKeys(json, path + ".queue", "depth", "oldestMillis");
		assertKeys(json, path + ".tasks", "submitted", "active", "completed", "failed", "cancelled", "rejected");
		assertKeys(json, path + ".wait", "meanMillis", "maxMillis");
		assertKeys(json, path + ".run", "meanMillis", "maxMillis");
	}

	private static void assertKeys(String json, String path, String... keys) {
		Map<String, Object> value = JsonPath.read(json, path);
		assertThat(value).as(path).containsOnlyKeys(keys);
	}

	/** From one look to the next. */
	private static void runInWindow(WebApplication application) throws Exception {
		Ticks.await(application.context(), 1);
		Runners.run(application.context().getBean("narrow", ThreadPoolTaskExecutor.class), () -> "done");
		await().until(
				() -> JsonPath.<Map<String, Object>>read(application.get("/actuator/executors/narrow").body(), "$.run")
					.containsKey("meanMillis"));
	}

	// one executor told no more than the list did
	@Test
	void getWhenOneIsAskedForThenShowsItsDetails() throws Exception {
		try (WebApplication application = WebApplication.start("executor-metrics.executors.narrow.limits.stall=7s")) {
			runInWindow(application);
			String json = application.get("/actuator/executors/narrow").body();
			Map<String, Object> narrow = JsonPath.read(json, "$");
			assertThat(narrow).containsKeys(EXECUTOR)
				.containsKeys("name", "window", "running", "rejected", "incidents", "limits")
				.containsEntry("name", "narrow")
				.doesNotContainKey("executor");
			assertFields(json, "$");
			assertKeys(json, "$.window", "seconds", "started", "completed", "utilization");
			assertKeys(json, "$.running", "tasks", "oldestMillis", "oldest");
			assertKeys(json, "$.limits", "meanWaitMillis", "meanRunMillis", "activeTasks", "rejectedTasksPerTick",
					"stallMillis", "stuckMillis", "samples", "droppedShare");
			assertThat(JsonPath.<Integer>read(json, "$.limits.stallMillis")).isEqualTo(7000);
		}
	}

	// a key of a map that callers read by its name is contract, too
	@Test
	void getWhenTasksRanThenShowsThemByName() throws Exception {
		try (WebApplication application = WebApplication.start("executor-metrics.tasks.sampling=1",
				"executor-metrics.budget.run=1h", SHOWN)) {
			ThreadPoolTaskExecutor narrow = application.context().getBean("narrow", ThreadPoolTaskExecutor.class);
			Runners.get(narrow.submit(NamedTask.of("mail", () -> "sent")));
			CountDownLatch release = new CountDownLatch(1);
			Future<?> running = narrow.submit(NamedTask.of("hold", () -> {
				release.await();
				return null;
			}));
			await().untilAsserted(
					() -> assertThat(JsonPath.<List<Object>>read(application.get("/actuator/executors/narrow").body(),
							"$.running.oldest"))
						.hasSize(1));
			String json = application.get("/actuator/executors/narrow").body();
			assertKeys(json, "$.running.oldest[0]", "task", "thread", "ageMillis");
			assertThat(JsonPath.<String>read(json, "$.running.oldest[0].task")).isEqualTo("hold");
			assertKeys(json, "$.budget", "runMillis", "cpuMillis", "polls", "exhausted");
			assertKeys(json, "$.budget.exhausted", "run", "cpu", "polls");
			assertKeys(json, "$.tasksByName", "top", "names");
			assertKeys(json, "$.tasksByName.top", "workerTimeShare", "meanWaitMillis", "errors");
			assertKeys(json, "$.tasksByName.names", "mail", "hold");
			assertKeys(json, "$.tasksByName.names.mail", "started", "completed", "errors", "workerTimeShare", "wait",
					"run", "kind", "sampled", "exhausted");
			assertKeys(json, "$.tasksByName.names.mail.sampled", "tasks", "cpuShare", "meanCpuMillis", "meanPolls",
					"meanAllocatedBytes");
			assertKeys(json, "$.tasksByName.names.mail.exhausted", "run", "cpu", "polls");
			release.countDown();
			Runners.get(running);
		}
	}

	// of a fork/join pool it was not told who steals and what waits
	@Test
	void getWhenItIsAForkJoinPoolThenShowsWhatThePoolTells() {
		try (WebApplication application = WebApplication.start()) {
			String json = application.get("/actuator/executors/commonPool").body();
			assertKeys(json, "$.forkJoin", "parallelism", "poolSize", "running", "active", "steals", "queuedTasks",
					"queuedSubmissions", "submissionsWait");
			assertThat(JsonPath.<Map<String, Object>>read(application.get("/actuator/executors/narrow").body(), "$"))
				.doesNotContainKey("forkJoin");
		}
	}

	// a name that nobody has was answered with an error of the server
	@Test
	void getWhenNameIsUnknownThenNotFound() {
		try (WebApplication application = WebApplication.start()) {
			for (String path : new String[] { "nobody", "nobody/incidents", "narrow/stacks" }) {
				HttpResponse<String> response = application.get("/actuator/executors/" + path);
				assertThat(response.statusCode()).isEqualTo(404);
				assertThat(JsonPath.<String>read(response.body(), "$.message")).contains("'" + path + "'");
				assertThat(JsonPath.<List<String>>read(response.body(), "$.executors")).contains("narrow",
						"applicationTaskExecutor");
			}
		}
	}

	// an executor starved, and nothing said why
	@Test
	void getWhenExecutorStarvesThenShowsCauseAndEvidence() {
		try (WebApplication application = WebApplication.start(SHOWN)) {
			application.starve();
			await().untilAsserted(() -> {
				String json = application.get("/actuator/executors/narrow").body();
				assertThat(JsonPath.<String>read(json, "$.verdict")).isNotEqualTo("HEALTHY");
				assertThat(JsonPath.<Map<String, Object>>read(json, "$.causes[0]"))
					.containsKeys("cause", "since", "evidence", "detail")
					.doesNotContainKeys("until", "stacks");
				assertThat(JsonPath.<Integer>read(json, "$.queue.depth")).isEqualTo(2);
				assertThat(JsonPath.<Double>read(json, "$.queue.oldestMillis")).isPositive();
			});
		}
	}

	// we exposed what nobody had asked us to
	@Test
	void getWhenNotExposedThenNotFound() {
		try (WebApplication application = WebApplication.start("management.endpoints.web.exposure.include=health")) {
			assertThat(application.get("/actuator/executors").statusCode()).isEqualTo(404);
		}
	}

	// a type that JMX cannot carry
	@Test
	void invokeWhenExposedOverJmxThenShowsExecutors() throws Exception {
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		ObjectName name = new ObjectName("executor-metrics-tests:type=Endpoint,name=Executors");
		try (WebApplication application = WebApplication.start("spring.jmx.enabled=true",
				"management.endpoints.jmx.exposure.include=executors",
				"management.endpoints.jmx.domain=executor-metrics-tests")) {
			Runners.run(application.context().getBean("narrow", ThreadPoolTaskExecutor.class), () -> "done");
			Object all = server.invoke(name, "executors", new Object[0], new String[0]);
			assertThat(JsonPath.<String>read(all, "$.executors.narrow.coverage")).isEqualTo("tasks");
			Object one = server.invoke(name, "executor", new Object[] { "narrow" },
					new String[] { String.class.getName() });
			assertThat(JsonPath.<String>read(one, "$.name")).isEqualTo("narrow");
			Object none = server.invoke(name, "executor", new Object[] { "nobody" },
					new String[] { String.class.getName() });
			assertThat(none).isNull();
		}
	}

	// a refused task was shown as submitted
	@Test
	void getWhenTaskWasRefusedThenShowsWhatBecameOfIt() {
		try (WebApplication application = WebApplication.start()) {
			ThreadPoolTaskExecutor narrow = application.context().getBean("narrow", ThreadPoolTaskExecutor.class);
			narrow.shutdown();
			assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> narrow.execute(() -> {
			}));
			String json = application.get("/actuator/executors/narrow").body();
			assertThat(JsonPath.<Integer>read(json, "$.tasks.rejected")).isEqualTo(1);
			assertThat(JsonPath.<Integer>read(json, "$.tasks.submitted")).isZero();
			assertThat(JsonPath.<Integer>read(json, "$.rejected.aborted")).isEqualTo(1);
		}
	}

}
