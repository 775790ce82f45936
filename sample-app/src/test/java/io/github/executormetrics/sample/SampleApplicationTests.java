// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the sample as its user sees it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationTests {

	private ConfigurableApplicationContext application;

	private SampleClient client;

	private String startOutput;

	@BeforeAll
	void start(CapturedOutput output) {
		this.application = SpringApplication.run(SampleApplication.class, SampleClient.QUICK);
		this.client = new SampleClient(
				this.application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
		this.startOutput = output.getAll();
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@Test
	void startLogsNothingToAskAbout() {
		assertThat(this.startOutput).contains("Started ")
			.doesNotContain(" WARN ", " ERROR ", "\tat ", "not eligible", "SLF4J");
	}

	@Test
	void figuresMoveByThemselves() {
		Map<String, Long> first = new HashMap<>();
		for (String name : new String[] { "mailExecutor", "orderExecutor", "partnerExecutor", "reportExecutor",
				"supplierExecutor", "taskScheduler" }) {
			first.put(name, completed(name));
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(first)
				.allSatisfy((name, before) -> assertThat(completed(name)).as(name).isGreaterThan(before)));
	}

	private long completed(String name) {
		return this.client.executor(name).at("/tasks/completed").asLong();
	}

	@Test
	void everyExecutorIsCoveredOrSaysWhyNot() {
		JsonNode executors = this.client.json("/actuator/executors").get("executors");
		assertThat(executors.propertyNames()).containsExactlyInAnyOrderElementsOf(SampleExecutors.all());
		executors.forEachEntry((name, executor) -> {
			String coverage = executor.get("coverage").asString();
			assertThat(coverage).as(name).isEqualTo(SampleExecutors.coverage(name));
			assertThat(executor.has("coverageReason")).as(name).isEqualTo(!SampleExecutors.isWhole(name));
		});
	}

	@Test
	void anOrderIsTaken() {
		HttpResponse<String> order = this.client.post("/orders");
		assertThat(order.statusCode()).isEqualTo(202);
		assertThat(order.body()).contains("\"order\":");
	}

	@Test
	void whenScenarioIsUnknownThenTheOthersAreNamed() {
		HttpResponse<String> answer = this.client.post("/scenarios/fire");
		assertThat(answer.statusCode()).isEqualTo(404);
		assertThat(answer.body()).contains("No scenario 'fire', only [burst, slow-downstream, flood, stall, deadlock]");
	}

	@ParameterizedTest
	@CsvSource({ "burst, mailExecutor, OVERLOADED", "slow-downstream, mailExecutor, BLOCKED",
			"flood, partnerExecutor, REJECTING", "stall, reportExecutor, STALLED",
			"deadlock, reportExecutor, DEADLOCKED" })
	void troubleComesAndGoes(String scenario, String executor, String cause) {
		this.client.seeTroubleComeAndGo(scenario, executor, cause);
	}

}
