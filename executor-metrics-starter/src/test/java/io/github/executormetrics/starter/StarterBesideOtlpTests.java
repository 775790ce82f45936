// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the starter changes no meter that is not its own where the user has
 * configured OTLP.
 */
class StarterBesideOtlpTests {

	@Test
	void whenUserConfiguredOtlpThenMetersAreAsWithout() throws Exception {
		List<Metric> before = new ArrayList<>();
		List<Metric> after = new ArrayList<>();
		Run runBefore = overOtlp(Unchanged.NEIGHBOURS.or(Run.LIBRARY).or(Run.PROMETHEUS), before);
		Run runAfter = overOtlp(Unchanged.NEIGHBOURS.or(Run.PROMETHEUS), after);
		Unchanged.assertMetersAreThoseOf(runBefore, runAfter);
		assertThat(Unchanged.meters(runAfter).get("own.timer")).contains("\"baseUnit\":\"milliseconds\"", "9500.0");
		assertThat(sent(before)).containsKeys("own.timer", "http.server.requests");
		assertThat(sent(after)).isEqualTo(sent(before));
		Unchanged.assertClosesWithoutWarning(runBefore, runAfter);
	}

	private static Run overOtlp(Predicate<String> absent, List<Metric> received, String... args) throws Exception {
		List<ExportMetricsServiceRequest> requests = new CopyOnWriteArrayList<>();
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/v1/metrics", (exchange) -> {
			try (exchange) {
				requests.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
				exchange.sendResponseHeaders(200, -1);
			}
		});
		server.start();
		try {
			String url = "http://localhost:" + server.getAddress().getPort() + "/v1/metrics";
			Run run = Unchanged.run(absent,
					Stream.concat(Stream.of("--management.otlp.metrics.export.url=" + url), Arrays.stream(args))
						.toArray(String[]::new));
			// the last push, which comes with the close, has all
			requests.get(requests.size() - 1)
				.getResourceMetricsList()
				.forEach((resource) -> resource.getScopeMetricsList()
					.forEach((scope) -> received.addAll(scope.getMetricsList())));
			return run;
		}
		finally {
			server.stop(0);
		}
	}

	private static Map<String, String> sent(List<Metric> metrics) {
		Map<String, String> sent = new TreeMap<>();
		for (Metric metric : metrics) {
			if (!Unchanged.isOurs(metric.getName()) && !metric.getName().startsWith("jvm.gc.")) {
				sent.put(metric.getName(), metric.getUnit() + " " + metric.getDataCase() + figures(metric));
			}
		}
		return sent;
	}

	private static String figures(Metric metric) {
		if (!metric.getName().startsWith("own.")) {
			return "";
		}
		return switch (metric.getDataCase()) {
			case HISTOGRAM -> " "
					+ metric.getHistogram().getDataPointsList().stream().mapToLong((point) -> point.getCount()).sum()
					+ " "
					+ metric.getHistogram().getDataPointsList().stream().mapToDouble((point) -> point.getSum()).sum();
			case SUM -> " " + metric.getSum().getDataPoints(0).getAsDouble();
			case GAUGE -> " " + metric.getGauge().getDataPoints(0).getAsDouble();
			default -> "";
		};
	}

	/**
	 * A class of its own, so that Maven prints a line before it begins.
	 */
	@Nested
	class InSecondsTests {

		@Test
		void whenUserConfiguredOtlpInSecondsBesidePrometheusThenMetersAreAsWithout() throws Exception {
			String seconds = "--management.otlp.metrics.export.base-time-unit=seconds";
			List<Metric> before = new ArrayList<>();
			List<Metric> after = new ArrayList<>();
			Run runBefore = overOtlp(Unchanged.NEIGHBOURS.or(Run.LIBRARY), before, seconds);
			Run runAfter = overOtlp(Unchanged.NEIGHBOURS, after, seconds);
			// either of the two registries answered before
			assertThat(Unchanged.meters(runAfter).keySet()).containsAll(Unchanged.meters(runBefore).keySet());
			assertThat(Unchanged.meters(runAfter).get("own.timer")).contains("\"baseUnit\":\"seconds\"", "9.5");
			assertThat(Unchanged.scrape(runAfter)).isEqualTo(Unchanged.scrape(runBefore));
			assertThat(sent(before)).containsEntry("own.timer", "seconds HISTOGRAM 3 9.5");
			assertThat(sent(after)).isEqualTo(sent(before));
			Unchanged.assertClosesWithoutWarning(runBefore, runAfter);
		}

	}

}
