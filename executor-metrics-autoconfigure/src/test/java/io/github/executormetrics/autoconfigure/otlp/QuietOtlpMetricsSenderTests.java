// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import io.micrometer.registry.otlp.OtlpMetricsSender.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link QuietOtlpMetricsSender}.
 */
@ExtendWith(OutputCaptureExtension.class)
class QuietOtlpMetricsSenderTests {

	private static final String LINE = "No OTLP endpoint is configured";

	private final MockClock clock = new MockClock();

	private final Request request = request(QuietOtlpMetricsSender.DEFAULT_ADDRESS);

	@Test
	void defaultAddressIsTheOneMicrometerFallsBackTo() {
		assumeThat(System.getenv()).doesNotContainKeys("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
				"OTEL_EXPORTER_OTLP_ENDPOINT");
		assertThat(OtlpConfig.DEFAULT.url()).isEqualTo(QuietOtlpMetricsSender.DEFAULT_ADDRESS);
	}

	@Test
	void whenFirstPushFailsThenOneLineTellsWhatToDo(CapturedOutput output) throws Exception {
		failing(new Exception(new ConnectException())).send(this.request);
		assertThat(output.getAll().lines()).singleElement()
			.asString()
			.contains(LINE, "http://localhost:4318/v1/metrics", "java.net.ConnectException",
					"management.otlp.metrics.export.url", "management.otlp.metrics.export.enabled=false")
			.doesNotContain("WARN");
	}

	@Test
	void whenPushFailsAgainWithinTenMinutesThenSilent(CapturedOutput output) throws Exception {
		QuietOtlpMetricsSender sender = failing(new Exception(new ConnectException()));
		sender.send(this.request);
		for (int minute = 1; minute < 10; minute++) {
			this.clock.add(Duration.ofMinutes(1));
			sender.send(this.request);
		}
		assertThat(output.getAll().lines()).hasSize(1);
	}

	@Test
	void whenPushStillFailsAfterTenMinutesThenToldAgain(CapturedOutput output) throws Exception {
		QuietOtlpMetricsSender sender = failing(new Exception(new ConnectException()));
		sender.send(this.request);
		this.clock.add(10, TimeUnit.MINUTES);
		sender.send(this.request);
		assertThat(output.getAll().lines()).hasSize(2);
	}

	@Test
	void whenServerAnswersWithPageThenStillOneLine(CapturedOutput output) throws Exception {
		failing(new IllegalStateException("HTTP status code 404 and body <html>\n<body>\n" + "x".repeat(10_000)))
			.send(this.request);
		assertThat(output.getAll().lines()).singleElement().asString().contains("404").hasSizeLessThan(1_000);
	}

	@Test
	void whenAddressWasNamedThenThrows(CapturedOutput output) {
		ConnectException failure = new ConnectException();
		assertThatExceptionOfType(ConnectException.class)
			.isThrownBy(() -> failing(failure).send(request("http://collector:4318/v1/metrics")))
			.isSameAs(failure);
		assertThat(output).isEmpty();
	}

	@Test
	void whenPushSucceedsThenRequestIsPassedOnAndNothingTold(CapturedOutput output) throws Exception {
		Request[] sent = new Request[1];
		new QuietOtlpMetricsSender((request) -> sent[0] = request, this.clock).send(this.request);
		assertThat(sent[0]).isSameAs(this.request);
		assertThat(output).isEmpty();
	}

	private QuietOtlpMetricsSender failing(Exception failure) {
		OtlpMetricsSender delegate = (request) -> {
			throw failure;
		};
		return new QuietOtlpMetricsSender(delegate, this.clock);
	}

	private static Request request(String address) {
		return Request.builder(new byte[0]).address(address).headers(Map.of()).build();
	}

}
