// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The incidents as they are read and cleared from outside.
 */
class IncidentsEndpointTests {

	private static final String INCIDENTS = "/actuator/executors/narrow/incidents";

	private static final String STALLS_SOON = "executor-metrics.limits.stall=100ms";

	// what stood in alerts and scripts was renamed unseen
	@Test
	void getWhenExecutorStarvesThenOpenIncidentHasTheDocumentedFields() {
		try (WebApplication application = WebApplication.start(STALLS_SOON)) {
			application.starve();
			await().untilAsserted(() -> assertThat(
					JsonPath.<List<String>>read(application.get(INCIDENTS).body(), "$.incidents[*].verdict"))
				.containsExactly("STALLED"));
			HttpResponse<String> response = application.get(INCIDENTS);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type")).hasValueSatisfying(
					(type) -> assertThat(type).startsWith("application/vnd.spring-boot.actuator.v3+json"));
			String json = response.body();
			assertThat(JsonPath.<Map<String, Object>>read(json, "$")).containsOnlyKeys("name", "incidents")
				.containsEntry("name", "narrow");
			assertThat(JsonPath.<Map<String, Object>>read(json, "$.incidents[0]"))
				.containsOnlyKeys("number", "verdict", "start", "raised", "causes", "figures", "holding", "waiting")
				.containsEntry("number", 1)
				.containsEntry("holding", Map.of(WebApplication.class.getName(), 1))
				.containsEntry("waiting", Map.of(WebApplication.class.getName(), 2));
			assertThat(instant(json, "$.incidents[0].start")).isBeforeOrEqualTo(instant(json, "$.incidents[0].raised"));
			assertThat(JsonPath.<Map<String, Object>>read(json, "$.incidents[0].figures"))
				.containsOnlyKeys("maxQueuedTasks", "maxOldestQueuedMillis", "maxWaitMillis", "maxRunMillis",
						"startedTasks", "rejectedTasks")
				.containsEntry("maxQueuedTasks", 2)
				.containsEntry("rejectedTasks", 0);
			assertCauseAndAdvice(json);
		}
	}

	private static void assertCauseAndAdvice(String json) {
		assertThat(JsonPath.<Map<String, Object>>read(json, "$.incidents[0].causes[0]"))
			// its detail would name a method
			.containsOnlyKeys("cause", "since", "evidence", "advice")
			.containsEntry("cause", "STALLED");
		assertThat(JsonPath.<Map<String, Object>>read(json, "$.incidents[0].causes[0].evidence"))
			.containsOnlyKeys("sinceLastStartMillis", "limitMillis", "queuedTasks", "busyWorkers", "ticks")
			.containsEntry("limitMillis", 100)
			.containsEntry("queuedTasks", 2);
		assertThat(JsonPath.<Map<String, Object>>read(json, "$.incidents[0].causes[0].advice")).containsOnlyKeys("text",
				"figures");
		assertThat(JsonPath.<Map<String, Object>>read(json, "$.incidents[0].causes[0].advice.figures"))
			.containsOnlyKeys("workers", "oldestRunningMillis", "queuedTasks")
			.containsEntry("workers", 1)
			.containsEntry("queuedTasks", 2);
		assertThat(JsonPath.<String>read(json, "$.incidents[0].causes[0].advice.text"))
			.contains("every worker (1) is held", "tasks are queued (2)");
	}

	// what had happened in the night was gone in the morning
	@Test
	void getWhenIncidentIsOverThenItStaysWithItsEndAndTheNewestComesFirst() {
		try (WebApplication application = WebApplication.start()) {
			incident(application);
			String json = application.get(INCIDENTS).body();
			assertThat(JsonPath.<Map<String, Object>>read(json, "$.incidents[0]")).containsOnlyKeys("number", "verdict",
					"start", "raised", "end", "durationMillis", "causes", "figures", "holding", "waiting");
			Duration duration = Duration.between(instant(json, "$.incidents[0].start"),
					instant(json, "$.incidents[0].end"));
			assertThat(duration).isPositive();
			assertThat(JsonPath.<Integer>read(json, "$.incidents[0].durationMillis")).isEqualTo(duration.toMillis());
			assertThat(JsonPath.<List<Map<String, Object>>>read(json, "$.incidents[0].causes")).isNotEmpty()
				.allSatisfy((cause) -> assertThat(cause).containsKey("until"));
			assertThat(JsonPath.<Integer>read(json, "$.incidents[0].figures.startedTasks")).isPositive();
			application.starve();
			await().untilAsserted(() -> assertThat(numbers(application)).containsExactly(2, 1));
			String both = application.get(INCIDENTS).body();
			assertThat(JsonPath.<Map<String, Object>>read(both, "$.incidents[0]")).doesNotContainKey("end");
			assertThat(JsonPath.<Map<String, Object>>read(both, "$.incidents[1]"))
				.isEqualTo(JsonPath.<Map<String, Object>>read(json, "$.incidents[0]"));
		}
	}

	// the symptom was shown, and not the executor that was to blame
	@Test
	void getWhenWorkersWaitForAnotherExecutorThenNamesIt() {
		try (WebApplication application = WebApplication.start(Front.class)) {
			application.hold(1);
			ThreadPoolTaskExecutor front = application.context().getBean("front", ThreadPoolTaskExecutor.class);
			ThreadPoolTaskExecutor narrow = application.context().getBean("narrow", ThreadPoolTaskExecutor.class);
			for (int i = 0; i < 2; i++) {
				front.submit((Callable<Object>) () -> {
					Future<String> inner = narrow.submit(() -> "done");
					return inner.get();
				});
			}
			await().untilAsserted(() -> assertThat(JsonPath.<List<String>>read(
					application.get("/actuator/executors/front/incidents").body(), "$.incidents[*].waitsFor"))
				.containsExactly("narrow"));
		}
	}

	// a name that nobody has was answered with an error of the server, or with success
	@ParameterizedTest
	@CsvSource({ "nobody/incidents", "narrow/stacks", "narrow/incidents/1" })
	void getOrDeleteWhenNameOrPartIsUnknownThenNotFound(String path) {
		try (WebApplication application = WebApplication.start()) {
			assertThat(application.get(INCIDENTS).statusCode()).isEqualTo(200);
			assertThat(application.get("/actuator/executors/" + path).statusCode()).isEqualTo(404);
			assertThat(application.delete("/actuator/executors/" + path).statusCode()).isEqualTo(404);
		}
	}

	// clearing took the incident that went on, too, and its end came out of nothing
	@Test
	void deleteWhenOneIsOpenThenForgetsTheClosedOnesOnly() {
		try (WebApplication application = WebApplication.start()) {
			incident(application);
			assertThat(application.delete("/actuator/executors/narrow/stacks").statusCode()).isEqualTo(404);
			assertThat(numbers(application)).containsExactly(1);
			application.starve();
			await().untilAsserted(() -> assertThat(numbers(application)).containsExactly(2, 1));
			HttpResponse<String> response = application.delete(INCIDENTS);
			assertThat(response.statusCode()).isEqualTo(204);
			assertThat(response.body()).isEmpty();
			assertThat(numbers(application)).containsExactly(2);
			application.release();
			await().untilAsserted(() -> assertThat(ends(application)).hasSize(1));
			assertThat(application.delete(INCIDENTS).statusCode()).isEqualTo(204);
			assertThat(numbers(application)).isEmpty();
		}
	}

	// evidence could be wiped where the operator had allowed to read only
	@Test
	void deleteWhenAccessIsReadOnlyThenRefusedAndNothingForgotten() {
		try (WebApplication application = WebApplication.start("management.endpoint.executors.access=read-only")) {
			incident(application);
			assertThat(application.delete(INCIDENTS).statusCode()).isEqualTo(405);
			assertThat(numbers(application)).containsExactly(1);
		}
	}

	// types that JMX cannot carry
	@Test
	void invokeWhenExposedOverJmxThenShowsAndClearsIncidents() throws Exception {
		try (WebApplication application = WebApplication.start(jmx())) {
			incident(application);
			application.starve();
			await().untilAsserted(() -> assertThat(numbers(application)).containsExactly(2, 1));
			Object both = invoke("incidents", "narrow", "incidents");
			assertThat(JsonPath.<String>read(both, "$.name")).isEqualTo("narrow");
			assertThat(JsonPath.<List<Number>>read(both, "$.incidents[*].number")).containsExactly(2L, 1L);
			assertThat(JsonPath.<String>read(both, "$.incidents[1].end"))
				.isEqualTo(JsonPath.read(application.get(INCIDENTS).body(), "$.incidents[1].end"));
			// who may call over JMX may do anything
			assertThat(stacks(both)).hasSize(2);
			assertThat(invoke("clearIncidents", "narrow", "incidents"))
				.isEqualTo(Map.of("name", "narrow", "incidents", 1));
			assertThat(numbers(application)).containsExactly(2);
			assertThat(invoke("incidents", "nobody", "incidents")).isNull();
			assertThat(invoke("incidents", "narrow", "stacks")).isNull();
			assertThat(invoke("clearIncidents", "nobody", "incidents")).isNull();
		}
	}

	// stacks that nobody was to see came out by another door
	@Test
	void invokeWhenStacksAreNeverShownThenNotOverJmxEither() throws Exception {
		try (WebApplication application = WebApplication
			.start(jmx("management.endpoint.executors.show-stacks=never", "executor-metrics.limits.stuck=100ms"))) {
			application.completeOne();
			application.starve();
			await().untilAsserted(
					() -> assertThat(JsonPath.<List<String>>read(invoke("executor", "narrow"), "$.causes[*].cause"))
						.contains("STUCK"));
			assertThat(stacks(invoke("executor", "narrow"))).isEmpty();
			Object incidents = invoke("incidents", "narrow", "incidents");
			assertThat(JsonPath.<List<Number>>read(incidents, "$.incidents[*].number")).containsExactly(1L);
			assertThat(stacks(incidents)).isEmpty();
		}
	}

	private static List<Object> stacks(Object result) {
		List<Object> stacks = JsonPath.read(result, "$..stacks");
		// JMX is told what is left out elsewhere
		return stacks.stream().filter(Objects::nonNull).toList();
	}

	private static String[] jmx(String... more) {
		String[] properties = { "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=executors",
				"management.endpoints.jmx.domain=executor-metrics-incidents" };
		return Stream.concat(Arrays.stream(properties), Arrays.stream(more)).toArray(String[]::new);
	}

	private static Object invoke(String operation, String... arguments) throws JMException {
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		ObjectName name = new ObjectName("executor-metrics-incidents:type=Endpoint,name=Executors");
		String[] types = new String[arguments.length];
		Arrays.fill(types, String.class.getName());
		return server.invoke(name, operation, arguments, types);
	}

	/**
	 * Let the executor starve until that is seen, and recover.
	 */
	private static void incident(WebApplication application) {
		application.starve();
		await().untilAsserted(() -> assertThat(numbers(application)).isNotEmpty());
		application.release();
		await().untilAsserted(() -> assertThat(ends(application)).hasSize(1));
	}

	private static List<Integer> numbers(WebApplication application) {
		return JsonPath.read(application.get(INCIDENTS).body(), "$.incidents[*].number");
	}

	private static List<String> ends(WebApplication application) {
		return JsonPath.read(application.get(INCIDENTS).body(), "$.incidents[*].end");
	}

	private static Instant instant(String json, String path) {
		return Instant.parse(JsonPath.<String>read(json, path));
	}

	@Configuration(proxyBeanMethods = false)
	static class Front {

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor front() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(1);
			return executor;
		}

	}

}
