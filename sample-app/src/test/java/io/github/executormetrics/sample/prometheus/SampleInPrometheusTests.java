// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.prometheus;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.executormetrics.meters.ExecutorMeter;
import io.github.executormetrics.sample.SampleApplication;
import io.github.executormetrics.sample.SampleExecutors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the sample's figures in a real Prometheus: the dashboard, the alert rules and
 * the scrape itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class SampleInPrometheusTests {

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

	private static final String OURS = Arrays.stream(ExecutorMeter.values())
		.map((meter) -> meter.meterName().replace('.', '_'))
		.collect(Collectors.joining("|", "(", ")(_.+)?"));

	private final JsonNode dashboard = JsonMapper.builder()
		.build()
		.readTree(PrometheusServer.RULES.resolveSibling("grafana-dashboard.json").toFile());

	private ConfigurableApplicationContext application;

	private PrometheusServer prometheus;

	private int port;

	private String startOutput;

	@BeforeAll
	void start(@TempDir Path directory, CapturedOutput output) throws Exception {
		Tool.required("prometheus");
		// what one task in 64 brings in the long run is there at once
		this.application = SpringApplication.run(SampleApplication.class, "--server.port=0",
				"--executor-metrics.tasks.sampling=1");
		this.port = this.application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		this.prometheus = new PrometheusServer(directory, this.port);
		// until after the first scrape, which registers meters of its own
		this.startOutput = output.getAll();
	}

	@AfterAll
	void stop() {
		try (AutoCloseable first = this.prometheus; AutoCloseable second = this.application) {
			// closed in reverse order
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@TestFactory
	Stream<DynamicTest> everyPanelQueryReturnsFigures() {
		Map<String, String> variables = variables();
		return this.dashboard.get("panels")
			.valueStream()
			.flatMap((panel) -> panel.get("targets")
				.valueStream()
				.map((target) -> DynamicTest.dynamicTest(
						panel.get("title").asString() + " " + target.get("refId").asString(),
						() -> returnsFigures(substitute(target.get("expr").asString(), variables)))));
	}

	private void returnsFigures(String query) {
		assertThat(query).doesNotContain("$");
		Awaitility.await(query)
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(
					() -> assertThat(this.prometheus.query(query, Instant.now())).extracting(PrometheusServer::value)
						.anyMatch(Double::isFinite));
	}

	/**
	 * Chooses as Grafana does: the first value, or all where all may be chosen.
	 */
	private Map<String, String> variables() {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put("__rate_interval", "10s");
		for (JsonNode variable : this.dashboard.get("templating").get("list")) {
			if (variable.get("type").asString().equals("query")) {
				Matcher query = LABEL_VALUES.matcher(substitute(variable.get("definition").asString(), variables));
				assertThat(query.matches()).isTrue();
				List<String> values = this.prometheus.labelValues(query.group(2), query.group(1));
				assertThat(values).as(query.group()).isNotEmpty();
				variables.put(variable.get("name").asString(),
						variable.get("includeAll").asBoolean() ? "(" + String.join("|", values) + ")" : values.get(0));
			}
		}
		return variables;
	}

	private static String substitute(String query, Map<String, String> variables) {
		String substituted = query;
		for (Map.Entry<String, String> variable : variables.entrySet()) {
			substituted = substituted.replace("$" + variable.getKey(), variable.getValue());
		}
		return substituted;
	}

	@Test
	void everyAlertIsEvaluated() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.prometheus.rules()).hasSizeGreaterThanOrEqualTo(6)
				.allSatisfy((rule) -> assertThat(rule.get("health").asString()).as(rule.toString()).isEqualTo("ok")));
	}

	/**
	 * A series that is renamed in the library and not in a rule would never fire.
	 */
	@TestFactory
	Stream<DynamicTest> everySeriesOfAnAlertExists() {
		Pattern series = Pattern.compile("executor_\\w+");
		return this.prometheus.rules()
			.stream()
			.flatMap((rule) -> series.matcher(rule.get("query").asString()).results())
			.map((match) -> match.group())
			.distinct()
			.map((name) -> DynamicTest.dynamicTest(name,
					() -> assertThat(this.prometheus.query(name, Instant.now())).isNotEmpty()));
	}

	/**
	 * Without those of sampled tasks and of tasks by name.
	 */
	@Test
	void anExecutorHasAtMostNinetySeries() {
		String query = "count by (name) ({__name__=~\"" + OURS
				+ "\",__name__!~\"executor_task_(by_name|polls)_.+\",name!=\"\",budget!~\"cpu|polls\"})";
		assertThat(counts(query)).containsOnlyKeys(SampleExecutors.all().toArray(String[]::new))
			.allSatisfy((executor, count) -> assertThat(count).as(executor).isLessThanOrEqualTo(90));
	}

	@Test
	void sampledTasksAddSeventeenSeriesToAnExecutor() {
		awaitCounts(
				"count by (name) ({__name__=~\"executor_task_polls_.+\"}"
						+ " or {__name__=\"executor_task_budget_exhausted_total\",budget=~\"cpu|polls\"})",
				17, "mailExecutor", "orderExecutor", "partnerExecutor", "reportExecutor", "taskScheduler");
	}

	@Test
	void aNameOfTasksAddsSevenSeriesToAnExecutor() {
		awaitCounts(
				"label_join(count by (name, task) ({__name__=~\"executor_task_by_name_.+\"}),"
						+ " \"name\", \" \", \"name\", \"task\")",
				7, "mailExecutor MailSender.confirm", "taskScheduler Housekeeping.computeReport",
				"reportExecutor io.github.executormetrics.sample.orders.Reports");
	}

	private void awaitCounts(String query, double expected, String... names) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(counts(query)).containsKeys(names)
				.allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(expected)));
	}

	private Map<String, Double> counts(String query) {
		return this.prometheus.query(query, this.prometheus.awaitScrape())
			.stream()
			.collect(
					Collectors.toMap((series) -> series.get("metric").get("name").asString(), PrometheusServer::value));
	}

	@Test
	void noMeterIsRefused() {
		assertThat(this.startOutput).contains("Started ").doesNotContain("registration has failed");
	}

	@Test
	void noFamilyAndNoSeriesIsThereTwice() throws Exception {
		List<String> lines = scrape().lines().toList();
		assertThat(lines.stream().filter((line) -> line.startsWith("# TYPE "))).isNotEmpty().doesNotHaveDuplicates();
		assertThat(lines.stream()
			.filter(Predicate.not((line) -> line.startsWith("#")))
			.map((line) -> line.substring(0, line.lastIndexOf(' ')))).isNotEmpty().doesNotHaveDuplicates();
	}

	/**
	 * The spans of tasks would make meters of their own, too.
	 */
	@Test
	void allFamiliesOfTasksAreOurs() throws Exception {
		assertThat(scrape().lines().filter((line) -> line.startsWith("# TYPE executor_task_"))).isNotEmpty()
			.allMatch((line) -> line.matches("# TYPE " + OURS + " .*"));
	}

	@Test
	void ourFamiliesKeepToThePrometheusConventions(@TempDir Path directory) throws Exception {
		Tool promtool = Tool.required("promtool");
		String ours = scrape().lines()
			.filter((line) -> line.matches("(# (TYPE|HELP) )?" + OURS + "[ {].*"))
			.collect(Collectors.joining("\n", "", "\n"));
		assertThat(ours).contains("executor_task_submitted_total");
		Path input = Files.writeString(directory.resolve("scrape"), ours);
		promtool.run(directory.resolve("log"), input, "check", "metrics");
	}

	private String scrape() throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/actuator/prometheus".formatted(this.port)))
				.build(), BodyHandlers.ofString())
			.body();
	}

}
