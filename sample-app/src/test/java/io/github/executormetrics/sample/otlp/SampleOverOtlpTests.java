// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

import io.opentelemetry.proto.common.v1.KeyValue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.executormetrics.sample.SampleApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the sample's profile {@code otlp}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SampleOverOtlpTests {

	@Test
	void metricsAndTracesAreExportedAndTheLastFiguresOnShutdown() throws Exception {
		try (OtlpReceiver receiver = new OtlpReceiver()) {
			// the interval of 10 s has not passed then
			try (ConfigurableApplicationContext application = SpringApplication.run(SampleApplication.class,
					"--spring.profiles.active=otlp", "--OTLP_ENDPOINT=" + receiver.endpoint(), "--server.port=0")) {
				assertThat(
						application.getEnvironment().getProperty("management.otlp.metrics.export.step", Duration.class))
					.isEqualTo(Duration.ofSeconds(10));
				String address = "http://localhost:"
						+ application.getEnvironment().getRequiredProperty("local.server.port");
				HttpClient client = HttpClient.newHttpClient();
				assertThat(client
					.send(HttpRequest.newBuilder(URI.create(address + "/actuator/health")).build(),
							BodyHandlers.ofString())
					.statusCode()).isEqualTo(200);
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.until(() -> receiver.spans()
						.stream()
						.anyMatch((span) -> span.name().contains("/actuator/health")));
			}
			OtlpPayload last = receiver.last();
			assertThat(last.resource()).containsEntry("service.name", "order-service");
			assertThat(last.resource().get("service.version")).matches("\\d+\\.\\d+\\.\\d+.*");
			assertThat(last.metric("executor.task.wait").getUnit()).isEqualTo("seconds");
			assertThat(last.value("executor.task.completed", Map.of("name", "mailExecutor", "outcome", "success")))
				.isPositive();
			assertThat(receiver.traces().get(0).getResourceSpans(0).getResource().getAttributesList())
				.extracting(KeyValue::getKey)
				.contains("service.name", "service.version");
		}
	}

	@Test
	void whenThereIsNoCollectorThenTheLogIsClean(CapturedOutput output) {
		SpringApplication.run(SampleApplication.class, "--server.port=0").close();
		assertThat(output).doesNotContain(" WARN ", " ERROR ", "\tat ", "OTLP");
	}

}
