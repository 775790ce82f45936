// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.executormetrics.sample.SampleApplication;
import io.github.executormetrics.sample.SampleClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the trace of an order placed over HTTP goes through all its executors: in
 * the spans that leave the application, in its log and in the exemplars of its meters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class OrderTraceTests {

	private static final String REQUEST = "http post /orders";

	private List<ReceivedSpan> spans;

	private ReceivedSpan request;

	private String scrape;

	private List<String> log;

	private long order;

	@BeforeAll
	void placeAnOrder(CapturedOutput output) {
		try (OtlpReceiver receiver = new OtlpReceiver()) {
			// the end of the application sends the last spans
			try (ConfigurableApplicationContext application = SpringApplication.run(SampleApplication.class,
					"--spring.profiles.active=otlp", "--OTLP_ENDPOINT=" + receiver.endpoint(), "--server.port=0",
					"--sample.load=1h", "--executor-metrics.tracing.spans=child-only",
					// after a task without a trace Prometheus' client looks for none for
					// so long
					"--management.prometheus.metrics.export.properties.io.prometheus.exemplars.sample_interval_milliseconds=1",
					"--logging.level.io.github.executormetrics.sample.orders=debug")) {
				SampleClient client = new SampleClient(
						application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
				// the load places one too, which has no trace
				OrderTask.awaitOrders(client, 1);
				this.order = client.order();
				OrderTask.awaitOrders(client, 2);
				this.scrape = client.get("/actuator/prometheus", "application/openmetrics-text").body();
			}
			this.spans = receiver.spans();
		}
		this.log = output.getAll().lines().toList();
		assertThat(this.spans).filteredOn((span) -> span.name().equals(REQUEST))
			.singleElement()
			.satisfies((span) -> this.request = span);
	}

	@Test
	void oneTraceHoldsTheRequestAndOneSpanForEachTask() {
		Stream<String> tasks = Arrays.stream(OrderTask.values())
			.flatMap((task) -> Stream.generate(task::label).limit(task.times()));
		assertThat(this.spans).filteredOn((span) -> span.traceId().equals(this.request.traceId()))
			.extracting(ReceivedSpan::name)
			.containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of(REQUEST), tasks).toList());
		assertThat(this.spans).extracting(ReceivedSpan::spanId).doesNotHaveDuplicates();
		assertThat(this.request.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
	}

	@ParameterizedTest
	@EnumSource
	void aTaskIsAChildOfWhatSubmittedIt(OrderTask task) {
		assertThat(tasks(OrderTask.PROCESSING)).hasSize(1);
		ReceivedSpan parent = (task == OrderTask.PROCESSING) ? this.request : tasks(OrderTask.PROCESSING).get(0);
		assertThat(tasks(task)).hasSize(task.times()).extracting(ReceivedSpan::parentId).containsOnly(parent.spanId());
	}

	@ParameterizedTest
	@EnumSource
	void aSpanSaysWhatItsTaskWas(OrderTask task) {
		assertThat(tasks(task)).hasSize(task.times()).allSatisfy((span) -> {
			assertThat(span.kind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
			assertThat(span.status()).isNotEqualTo(StatusCode.STATUS_CODE_ERROR);
			assertThat(span.attributes()).containsEntry(ReceivedSpan.EXECUTOR, task.executor())
				.containsEntry(ReceivedSpan.OUTCOME, "success")
				.containsEntry(ReceivedSpan.TASK, task.label());
			assertThat(Double.parseDouble(span.attributes().get(ReceivedSpan.WAIT))).isBetween(0.0, 60_000.0);
		});
	}

	@Test
	void aTaskThatNoTraceSubmittedHasNoSpan() {
		// such as those of the order that the load placed
		assertThat(this.spans).filteredOn(ReceivedSpan::isTask)
			.isNotEmpty()
			.extracting(ReceivedSpan::parentId)
			.doesNotContain("");
	}

	@Test
	void theLineOfTheWebThreadTellsTheSpanOfTheRequest() {
		assertThat(this.log).filteredOn((line) -> line.endsWith(" : Took order " + this.order))
			.singleElement()
			.asString()
			.contains(this.request.correlation());
	}

	@ParameterizedTest
	@EnumSource
	void theLineOfAWorkerTellsTheSpanOfItsTask(OrderTask task) {
		List<String> lines = task.lines(this.log, this.order);
		assertThat(lines).hasSize(task.times());
		assertThat(tasks(task)).hasSize(task.times())
			.allSatisfy((span) -> assertThat(lines).filteredOn((line) -> line.contains(span.correlation())).hasSize(1));
	}

	@ParameterizedTest
	@EnumSource
	void theWaitHasTheTraceAsAnExemplar(OrderTask task) {
		assertExemplar("executor_task_wait_seconds_", task);
	}

	@ParameterizedTest
	@EnumSource
	void theRunHasTheTraceAsAnExemplar(OrderTask task) {
		assertExemplar("executor_task_run_seconds_", task);
	}

	private void assertExemplar(String meter, OrderTask task) {
		assertThat(this.scrape.lines())
			.filteredOn((line) -> line.startsWith(meter) && line.contains("name=\"" + task.executor() + "\""))
			.anySatisfy(
					(line) -> assertThat(line).matches(".* # \\{.*trace_id=\"" + this.request.traceId() + "\".*} .*"));
	}

	private List<ReceivedSpan> tasks(OrderTask task) {
		return this.spans.stream()
			.filter((span) -> span.traceId().equals(this.request.traceId()) && span.name().equals(task.label()))
			.toList();
	}

}
