// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import io.github.executormetrics.sample.SampleClient;
import io.github.executormetrics.sample.SampleExecutors;
import io.github.executormetrics.sample.SampleProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the sample under the OpenTelemetry Java agent, which carries a context over
 * executors too: nothing is counted, carried or told twice.
 */
@DisabledOnOs(OS.WINDOWS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaAgentIT {

	private static final int ORDERS = 10;

	private final Map<Tracer, Run> runs = new EnumMap<>(Tracer.class);

	@BeforeAll
	void placeOrders(@TempDir Path directory) throws Exception {
		this.runs.put(Tracer.BOOT,
				placeOrders(directory.resolve("boot.log"), List.of("-jar", System.getProperty("sample.jar"))));
		this.runs.put(Tracer.AGENT,
				placeOrders(directory.resolve("agent.log"), SampleProcess.fromClassPath(AgentSample.class),
						// the agent makes the span of the request then
						"--management.observations.enable.http.server.requests=false"));
	}

	private static Run placeOrders(Path log, List<String> launch, String... arguments) throws Exception {
		try (OtlpReceiver boot = new OtlpReceiver(); OtlpReceiver agent = new OtlpReceiver()) {
			List<String> options = new ArrayList<>(List.of("-javaagent:" + System.getProperty("sample.javaagent"),
					"-Dotel.service.name=order-service", "-Dotel.exporter.otlp.endpoint=" + agent.endpoint(),
					"-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none"));
			options.addAll(launch);
			List<String> all = new ArrayList<>(List.of("--spring.profiles.active=otlp",
					"--OTLP_ENDPOINT=" + boot.endpoint(), "--sample.load=1h",
					"--executor-metrics.tracing.spans=child-only",
					"--logging.level.io.github.executormetrics.sample.orders=debug",
					// Boot's names of the ids, and the agent's
					"--logging.pattern.correlation=[%X{traceId}-%X{spanId}] agent=[%X{trace_id}-%X{span_id}] "));
			all.addAll(List.of(arguments));
			Map<Long, String> traces = new LinkedHashMap<>();
			JsonNode executors;
			List<String> lines;
			try (SampleProcess sample = new SampleProcess(log, options, all.toArray(String[]::new))) {
				SampleClient client = sample.client();
				for (int i = 1; i <= ORDERS; i++) {
					String trace = "%032x".formatted(i);
					traces.put(client.order("traceparent", "00-" + trace + "-00000000000000ff-01"), trace);
				}
				// the load places one too
				OrderTask.awaitOrders(client, ORDERS + 1);
				executors = client.json("/actuator/executors").get("executors");
				// which sends the last spans
				sample.stop();
				lines = sample.log().lines().toList();
			}
			return new Run(traces, executors, boot.spans(), agent.spans(), lines);
		}
	}

	@ParameterizedTest
	@EnumSource
	void theAgentIsThereAndExecutorsAreDecoratedAsWithoutIt(Tracer tracer) {
		Run run = this.runs.get(tracer);
		assertThat(run.log()).anyMatch((line) -> line.contains("opentelemetry-javaagent - version"));
		run.executors()
			.forEachEntry((name, executor) -> assertThat(executor.get("coverage").asString()).as(name)
				.isEqualTo(SampleExecutors.coverage(name)));
		assertThat(run.executors().propertyNames()).containsExactlyInAnyOrderElementsOf(SampleExecutors.all());
	}

	@ParameterizedTest
	@EnumSource
	void tasksAreCountedOnce(Tracer tracer) {
		Run run = this.runs.get(tracer);
		for (OrderTask task : OrderTask.values()) {
			JsonNode counts = run.executors().get(task.executor()).get("tasks");
			assertThat(counts.get("submitted").asInt()).as(task.executor()).isEqualTo((ORDERS + 1) * task.times());
			assertThat(counts.get("completed").asInt()).as(task.executor()).isEqualTo((ORDERS + 1) * task.times());
		}
		assertThat(run.executors().valueStream().filter((executor) -> executor.has("tasks"))).hasSize(7)
			.allSatisfy((executor) -> {
				JsonNode counts = executor.get("tasks");
				assertThat(counts.get("submitted").asLong()).isEqualTo(counts.get("completed").asLong()
						+ counts.get("cancelled").asLong() + counts.get("active").asLong());
			});
	}

	@ParameterizedTest
	@EnumSource
	void theLinesOfTheWorkersTellTheTraceThatTheAgentCarried(Tracer tracer) {
		assertLinesTell(this.runs.get(tracer), " agent=[%s-");
	}

	@ParameterizedTest
	@EnumSource
	void theLinesOfTheWorkersTellTheTraceThatWeCarried(Tracer tracer) {
		assertLinesTell(this.runs.get(tracer), "] [%s-");
	}

	private static void assertLinesTell(Run run, String format) {
		assertThat(run.traces()).hasSize(ORDERS).allSatisfy((order, trace) -> {
			for (OrderTask task : OrderTask.values()) {
				assertThat(task.lines(run.log(), order)).hasSize(task.times())
					.allSatisfy((line) -> assertThat(line).contains(format.formatted(trace)));
			}
		});
	}

	@ParameterizedTest
	@EnumSource
	void eachTaskHasOneSpan(Tracer tracer) {
		Run run = this.runs.get(tracer);
		List<String> tasks = Arrays.stream(OrderTask.values())
			.flatMap((task) -> Stream.generate(task::label).limit(task.times()))
			.toList();
		assertThat(run.traces()).allSatisfy((order, trace) -> {
			List<ReceivedSpan> spans = Stream.concat(run.boot().stream(), run.agent().stream())
				.filter((span) -> span.traceId().equals(trace))
				.toList();
			assertThat(spans).extracting(ReceivedSpan::spanId).doesNotHaveDuplicates();
			assertThat(spans).filteredOn(ReceivedSpan::isTask)
				.extracting(ReceivedSpan::name)
				.containsExactlyInAnyOrderElementsOf(tasks);
			// nothing beside the requests, which Boot and the agent both see
			assertThat(spans).filteredOn((span) -> !span.isTask())
				.extracting(ReceivedSpan::name)
				.containsExactlyInAnyOrderElementsOf(tracer.requests);
		});
	}

	// the agent found our class in the scheduler's hands, and named every job after that
	@ParameterizedTest
	@EnumSource
	void scheduledMethodsGiveTheirNamesToTheSpansOfTheAgent(Tracer tracer) {
		assertThat(this.runs.get(tracer).agent()).extracting(ReceivedSpan::name)
			.contains("Housekeeping.computeReport")
			.noneMatch((name) -> name.contains("Metered"));
	}

	/**
	 * Not with two tracers: below the agent, a span of another SDK does not become the
	 * current one, be it Boot's span of the request or ours.
	 */
	@Test
	void whenTheAgentMakesTheSpansThenEachIsAChildOfWhatSubmittedItsTask() {
		Run run = this.runs.get(Tracer.AGENT);
		assertThat(run.boot()).isEmpty();
		assertThat(run.traces()).allSatisfy((order, trace) -> {
			ReceivedSpan request = run.span(trace, "POST /orders");
			ReceivedSpan processing = run.span(trace, OrderTask.PROCESSING.label());
			assertThat(processing.parentId()).isEqualTo(request.spanId());
			assertThat(run.agent()).filteredOn((span) -> span.traceId().equals(trace) && span.isTask())
				.filteredOn((span) -> span != processing)
				.extracting(ReceivedSpan::parentId)
				.containsOnly(processing.spanId());
		});
	}

	@Test
	void whenTheAgentMakesTheSpansThenTheLinesOfTheWorkersTellThem() {
		Run run = this.runs.get(Tracer.AGENT);
		assertThat(run.traces()).allSatisfy((order, trace) -> {
			for (OrderTask task : OrderTask.values()) {
				List<String> lines = task.lines(run.log(), order);
				assertThat(run.agent())
					.filteredOn((span) -> span.traceId().equals(trace) && span.name().equals(task.label()))
					.hasSize(task.times())
					.allSatisfy((span) -> assertThat(lines)
						.filteredOn((line) -> line.contains(" " + span.correlation() + " agent=" + span.correlation()))
						.hasSize(1));
			}
		});
	}

	/**
	 * Who makes the spans of the application.
	 */
	private enum Tracer {

		/** The SDK that Boot configures, beside the agent. */
		BOOT("http post /orders", "POST /orders"),

		/** The agent, once its OpenTelemetry is the bean. */
		AGENT("POST /orders");

		private final List<String> requests;

		Tracer(String... requests) {
			this.requests = List.of(requests);
		}

	}

	/**
	 * What a sample with the agent left behind.
	 *
	 * @param traces the trace that each order belongs to, by its number
	 * @param executors what the endpoint said of the executors
	 * @param boot the spans that Boot exported
	 * @param agent the spans that the agent exported
	 * @param log the lines of the log
	 */
	private record Run(Map<Long, String> traces, JsonNode executors, List<ReceivedSpan> boot, List<ReceivedSpan> agent,
			List<String> log) {

		ReceivedSpan span(String trace, String name) {
			List<ReceivedSpan> spans = this.agent.stream()
				.filter((span) -> span.traceId().equals(trace) && span.name().equals(name))
				.toList();
			assertThat(spans).as(name).hasSize(1);
			return spans.get(0);
		}

	}

}
