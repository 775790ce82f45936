// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.prometheus;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real Prometheus on a free loopback port that scrapes one application every second.
 */
final class PrometheusServer implements AutoCloseable {

	static final Path RULES = Path.of("..", "observability", "alerts.yml").toAbsolutePath().normalize();

	// with port 0 only the log tells the port that was taken
	private static final Pattern LISTENING = Pattern.compile("Listening on\" address=127\\.0\\.0\\.1:(\\d+)");

	private static final String CONFIGURATION = """
			global:
			  scrape_interval: 1s
			  evaluation_interval: 1s
			rule_files:
			  - '%s'
			scrape_configs:
			  - job_name: sample
			    metrics_path: /actuator/prometheus
			    static_configs:
			      - targets: ['127.0.0.1:%d']
			""";

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	private final Process process;

	private final int port;

	/**
	 * Start it.
	 * @param directory where its configuration, its data and its log go
	 * @param target the loopback port of the application
	 */
	PrometheusServer(Path directory, int target) throws IOException {
		Tool prometheus = Tool.required("prometheus");
		Path configuration = directory.resolve("prometheus.yml");
		Files.writeString(configuration, CONFIGURATION.formatted(RULES, target));
		Path log = directory.resolve("prometheus.log");
		this.process = prometheus.start(log,
				List.of("--config.file=" + configuration, "--storage.tsdb.path=" + directory.resolve("data"),
						"--web.listen-address=127.0.0.1:0", "--log.level=info"));
		try {
			this.port = Awaitility.await("Prometheus listens")
				.failFast(() -> assertThat(this.process.isAlive()).as(Files.readString(log)).isTrue())
				.atMost(Duration.ofSeconds(30))
				.until(() -> listening(Files.readString(log)), (found) -> found > 0);
			Awaitility.await("Prometheus has scraped")
				.atMost(Duration.ofSeconds(30))
				.until(() -> get("/-/ready").statusCode() == 200 && !query("up == 1", Instant.now()).isEmpty());
		}
		catch (Throwable ex) {
			close();
			throw ex;
		}
	}

	private static int listening(String log) {
		Matcher matcher = LISTENING.matcher(log);
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	/**
	 * Wait for a scrape that began after this call.
	 * @return when it began
	 */
	Instant awaitScrape() {
		long now = System.currentTimeMillis();
		Awaitility.await("scrape")
			.atMost(Duration.ofSeconds(30))
			.until(() -> !query("timestamp(up) * 1000 > " + now, Instant.now()).isEmpty());
		return Instant.now();
	}

	/**
	 * Ask for the values at an instant.
	 * @return one element for each series, with metric and value
	 */
	List<JsonNode> query(String query, Instant at) {
		JsonNode answer = data("/api/v1/query?time=" + at.toEpochMilli() / 1000.0 + "&query=" + encode(query));
		return List.copyOf(answer.get("result").values());
	}

	List<String> labelValues(String label, String series) {
		return data("/api/v1/label/" + label + "/values?match[]=" + encode(series)).valueStream()
			.map(JsonNode::asString)
			.toList();
	}

	/**
	 * The alert rules as loaded, each with the health of its last evaluation.
	 */
	List<JsonNode> rules() {
		return data("/api/v1/rules").get("groups")
			.valueStream()
			.flatMap((group) -> group.get("rules").valueStream())
			.toList();
	}

	static double value(JsonNode series) {
		String value = series.get("value").get(1).asString();
		return switch (value) {
			case "+Inf" -> Double.POSITIVE_INFINITY;
			case "-Inf" -> Double.NEGATIVE_INFINITY;
			default -> Double.parseDouble(value);
		};
	}

	private JsonNode data(String path) {
		Answer answer = get(path);
		assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
		return this.json.readTree(answer.body()).get("data");
	}

	private Answer get(String path) {
		URI uri = URI.create("http://127.0.0.1:" + this.port + path.replace("[]", "%5B%5D"));
		try {
			var response = this.client.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
					BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			return new Answer(0, ex.toString());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String encode(String query) {
		return URLEncoder.encode(query, StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	private record Answer(int statusCode, String body) {

	}

}
