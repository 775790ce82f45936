// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to the sample over HTTP as a user does.
 */
public final class SampleClient {

	/** A watch that is quick enough for a test, and scenarios that are short. */
	static final String[] QUICK = { "--server.port=0", "--executor-metrics.watch.interval=100ms",
			"--executor-metrics.watch.window=1s", "--executor-metrics.watch.grace=100ms",
			"--executor-metrics.limits.stall=1s", "--sample.trouble=4s" };

	private static final Duration AT_MOST = Duration.ofSeconds(30);

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	private final String base;

	public SampleClient(int port) {
		this.base = "http://localhost:" + port;
	}

	HttpResponse<String> get(String path) {
		return send(HttpRequest.newBuilder(URI.create(this.base + path)));
	}

	public HttpResponse<String> get(String path, String accept) {
		return send(HttpRequest.newBuilder(URI.create(this.base + path)).header("Accept", accept));
	}

	HttpResponse<String> post(String path) {
		return send(HttpRequest.newBuilder(URI.create(this.base + path)).POST(BodyPublishers.noBody()));
	}

	/**
	 * Place an order.
	 * @param headers names and values of headers
	 * @return its number
	 */
	public long order(String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + "/orders"))
			.POST(BodyPublishers.noBody());
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		HttpResponse<String> response = send(request);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		return this.json.readTree(response.body()).get("order").asLong();
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.timeout(AT_MOST).build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	public JsonNode json(String path) {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return this.json.readTree(response.body());
	}

	public JsonNode executor(String name) {
		return json("/actuator/executors/" + name);
	}

	/**
	 * Make trouble, and see it come and go in health and endpoint.
	 * @param scenario the trouble
	 * @param executor the executor that suffers
	 * @param cause a cause that must be named
	 */
	void seeTroubleComeAndGo(String scenario, String executor, String cause) {
		awaitHealthy(executor);
		HttpResponse<String> started = post("/scenarios/" + scenario);
		assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
		assertThat(started.body()).contains(executor);
		Awaitility.await(cause).atMost(AT_MOST).untilAsserted(() -> {
			// with HTTP 200
			JsonNode health = json("/actuator/health");
			assertThat(health.get("status").asString()).isEqualTo("STARVED");
			JsonNode starving = health.at("/components/executors/details/starving/" + executor);
			assertThat(starving.path("causes").valueStream().map((raised) -> raised.get("cause").asString()))
				.contains(cause);
		});
		JsonNode shown = executor(executor);
		assertThat(shown.get("causes").valueStream()).anySatisfy((raised) -> {
			assertThat(raised.get("cause").asString()).isEqualTo(cause);
			assertThat(raised.get("since").asString()).isNotEmpty();
			assertThat(raised.get("evidence").propertyNames()).containsAnyOf("ticks", "tasks")
				.anyMatch((name) -> name.startsWith("limit"));
		});
		awaitHealthy(executor);
		// the morning after
		JsonNode incident = json("/actuator/executors/" + executor + "/incidents").at("/incidents/0");
		assertThat(incident.path("end").asString()).isNotEmpty();
		assertThat(incident.path("causes").valueStream().map((raised) -> raised.get("cause").asString()))
			.contains(cause);
		assertThat(incident.path("stacks").valueStream()).isNotEmpty();
	}

	private void awaitHealthy(String executor) {
		Awaitility.await("health of " + executor).atMost(AT_MOST).untilAsserted(() -> {
			assertThat(json("/actuator/health").get("status").asString()).isEqualTo("UP");
			assertThat(executor(executor).get("verdict").asString()).isEqualTo("HEALTHY");
		});
	}

}
