// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of clients that order and do not send what they have announced: each holds a
 * thread of the server.
 */
class SlowClientsTests {

	private static final String ORDER = "POST /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n\r\n";

	private static final Duration AT_MOST = Duration.ofSeconds(30);

	@Test
	void whenSlowClientsHoldAllThreadsThenHealthNamesTheServer() throws IOException {
		List<String> arguments = new ArrayList<>(List.of(SampleClient.QUICK));
		arguments.addAll(List.of("--server.tomcat.threads.max=2", "--management.server.port=0"));
		try (ConfigurableApplicationContext application = SpringApplication.run(SampleApplication.class,
				arguments.toArray(String[]::new))) {
			SampleClient management = new SampleClient(port(application, "local.management.port"));
			List<Socket> clients = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				Socket client = new Socket("localhost", port(application, "local.server.port"));
				client.getOutputStream().write(ORDER.getBytes(StandardCharsets.US_ASCII));
				clients.add(client);
			}
			Awaitility.await().atMost(AT_MOST).untilAsserted(() -> {
				JsonNode health = management.json("/actuator/health");
				assertThat(health.get("status").asString()).isEqualTo("STARVED");
				assertThat(health.at("/components/executors/details/starving/tomcat-http/verdict").asString())
					.isEqualTo("STALLED");
			});
			JsonNode tomcat = management.executor("tomcat-http");
			assertThat(tomcat.at("/workers/busy").asInt()).isEqualTo(2);
			assertThat(tomcat.at("/queue/depth").asInt()).isEqualTo(3);
			// all of them first: nobody knows which ones hold the threads
			for (Socket client : clients) {
				client.getOutputStream().write("order".getBytes(StandardCharsets.US_ASCII));
			}
			for (Socket client : clients) {
				assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
					.startsWith("HTTP/1.1 202");
				client.close();
			}
			Awaitility.await()
				.atMost(AT_MOST)
				.untilAsserted(() -> assertThat(management.executor("tomcat-http").get("verdict").asString())
					.isEqualTo("HEALTHY"));
		}
	}

	private static int port(ConfigurableApplicationContext application, String property) {
		return application.getEnvironment().getRequiredProperty(property, Integer.class);
	}

}
