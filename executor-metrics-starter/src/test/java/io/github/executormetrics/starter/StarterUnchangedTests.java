package io.github.executormetrics.starter;

import java.io.IOException;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.meters.ExecutorMeter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the starter changes no meter that is not its own, on an application that
 * answers requests, and that nothing is warned of when that closes.
 */
class StarterUnchangedTests {

	private static final Predicate<String> NEIGHBOURS = Run.VIRTUAL.or(Run.BRAVE);

	private static final Predicate<String> WITHOUT = NEIGHBOURS.or(Run.STARTER).or(Run.TRACING);

	/** The field of a line outside of a trace. */
	private static final String CORRELATION = "[" + " ".repeat(49) + "]";

	private static @Nullable Run withoutRegistry;

	// a second registry came, and Boot gave none of its own: milliseconds
	@Test
	void whenApplicationHasNoRegistryThenMetersAreAsWithout() throws Exception {
		Run before = withoutRegistry();
		Run after = run(NEIGHBOURS.or(Run.PROMETHEUS));
		assertThat(after.output()).contains("OtlpMeterRegistry", CORRELATION);
		assertMetersAreThoseOf(before, after);
		assertThat(meters(after).get("own.timer")).contains("\"baseUnit\":\"seconds\"", "9.5");
		assertClosesWithoutWarning(before, after);
	}

	// which of the two registries answered was a matter of chance
	@Test
	void whenApplicationHasPrometheusThenMetersAreAsWithout() throws Exception {
		Run before = run(WITHOUT);
		Run after = run(NEIGHBOURS);
		assertMetersAreThoseOf(before, after);
		assertThat(meters(after).get("http.server.requests")).contains("\"baseUnit\":\"seconds\"");
		assertThat(scrape(before)).anyMatch((line) -> line.startsWith("own_timer_seconds_sum{kind=\"a\"} 8"));
		assertThat(scrape(after)).isEqualTo(scrape(before));
		assertClosesWithoutWarning(before, after);
	}

	@Test
	void whenUserConfiguredOtlpThenMetersAreAsWithout() throws Exception {
		List<Metric> before = new ArrayList<>();
		List<Metric> after = new ArrayList<>();
		Run runBefore = overOtlp(NEIGHBOURS.or(Run.LIBRARY).or(Run.PROMETHEUS), before);
		Run runAfter = overOtlp(NEIGHBOURS.or(Run.PROMETHEUS), after);
		assertMetersAreThoseOf(runBefore, runAfter);
		assertThat(meters(runAfter).get("own.timer")).contains("\"baseUnit\":\"milliseconds\"", "9500.0");
		assertThat(sent(before)).containsKeys("own.timer", "http.server.requests");
		assertThat(sent(after)).isEqualTo(sent(before));
		assertClosesWithoutWarning(runBefore, runAfter);
	}

	@Test
	void whenUserConfiguredOtlpInSecondsBesidePrometheusThenMetersAreAsWithout() throws Exception {
		String seconds = "--management.otlp.metrics.export.base-time-unit=seconds";
		List<Metric> before = new ArrayList<>();
		List<Metric> after = new ArrayList<>();
		Run runBefore = overOtlp(NEIGHBOURS.or(Run.LIBRARY), before, seconds);
		Run runAfter = overOtlp(NEIGHBOURS, after, seconds);
		// either of the two registries answered before
		assertThat(meters(runAfter).keySet()).containsAll(meters(runBefore).keySet());
		assertThat(meters(runAfter).get("own.timer")).contains("\"baseUnit\":\"seconds\"", "9.5");
		assertThat(scrape(runAfter)).isEqualTo(scrape(runBefore));
		assertThat(sent(before)).containsEntry("own.timer", "seconds HISTOGRAM 3 9.5");
		assertThat(sent(after)).isEqualTo(sent(before));
		assertClosesWithoutWarning(runBefore, runAfter);
	}

	@Test
	void whenUserWantsNeitherTracingNorOtlpThenLibraryWorksWithActuatorAlone() throws Exception {
		Run before = withoutRegistry();
		Run after = run(NEIGHBOURS.or(Run.BROUGHT).or(Run.TRACING).or(Run.PROMETHEUS));
		assertMetersAreThoseOf(before, after);
		assertThat(meters(after)).containsKeys("executor.task.submitted", "executor.worker.busy", "executor.starved");
		assertThat(after.lines("EXECUTORS")).singleElement().asString().contains("\"mails\"", "\"tasks\"");
		assertThat(after.lines("HEALTH")).singleElement().asString().contains("\"executors\":{");
		assertThat(after.output()).doesNotContain("Otlp", "OTLP", CORRELATION);
		assertClosesWithoutWarning(before, after);
	}

	@Test
	void whenPushAndCorrelationAreSwitchedOffThenThereIsNeither() throws Exception {
		Run off = run(NEIGHBOURS.or(Run.PROMETHEUS), "--management.otlp.metrics.export.enabled=false",
				"--logging.expect-correlation-id=false");
		assertThat(off.output()).doesNotContain("Otlp", "OTLP", CORRELATION);
		assertClosesWithoutWarning(withoutRegistry(), off);
	}

	private static synchronized Run withoutRegistry() throws IOException, InterruptedException {
		Run run = withoutRegistry;
		if (run == null) {
			run = run(WITHOUT.or(Run.PROMETHEUS));
			withoutRegistry = run;
		}
		return run;
	}

	private static Run run(Predicate<String> absent, String... args) throws IOException, InterruptedException {
		return Run.of(WebApplication.class, absent,
				Stream.concat(Stream.of("--server.port=0", "--management.endpoints.web.exposure.include=*",
						"--management.endpoint.health.show-details=always",
						// it closes with a task that does not end
						"--spring.lifecycle.timeout-per-shutdown-phase=1s",
						"--spring.application.name=web-application"), Arrays.stream(args))
					.toArray(String[]::new));
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
			Run run = run(absent,
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

	private static void assertMetersAreThoseOf(Run before, Run after) {
		Map<String, String> expected = meters(before);
		assertThat(expected).containsKeys("http.server.requests", "own.timer", "own.time.gauge", "own.function.timer",
				"own.long.task.timer", "application.started.time", "executor.active");
		Map<String, String> actual = meters(after);
		actual.keySet().removeIf((name) -> isOurs(name) && !expected.containsKey(name));
		assertThat(actual).isEqualTo(expected);
	}

	/**
	 * Each meter as the endpoint shows it: whole where it is the application's, without
	 * its figures where these differ from run to run.
	 */
	private static Map<String, String> meters(Run run) {
		Map<String, String> meters = new TreeMap<>();
		for (String line : run.lines("METER")) {
			String[] parts = line.split(" ", 2);
			// there from the first collection on, which comes by chance
			if (!parts[0].startsWith("jvm.gc.")) {
				meters.put(parts[0],
						parts[0].startsWith("own.") ? parts[1] : parts[1].replaceAll("\"value\":[^}]*", "\"value\":0")
							// in the order of a set
							.replaceAll("\"values\":\\[[^]]*]", "\"values\":[]"));
			}
		}
		return meters;
	}

	private static List<String> scrape(Run run) {
		return run.lines("SCRAPE")
			.stream()
			.filter((line) -> line.startsWith("own_") || line.startsWith("# TYPE") || line.startsWith("# HELP"))
			.filter((line) -> !isOurs(line.replaceFirst("# (TYPE|HELP) ", "").replace('_', '.')))
			.filter((line) -> !line.contains(" jvm_gc_"))
			.toList();
	}

	private static Map<String, String> sent(List<Metric> metrics) {
		Map<String, String> sent = new TreeMap<>();
		for (Metric metric : metrics) {
			if (!isOurs(metric.getName()) && !metric.getName().startsWith("jvm.gc.")) {
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

	private static boolean isOurs(String name) {
		return Arrays.stream(ExecutorMeter.values()).anyMatch((meter) -> name.startsWith(meter.meterName()));
	}

	private static void assertClosesWithoutWarning(Run before, Run after) {
		assertThat(warnings(after)).isEqualTo(warnings(before)).isEmpty();
	}

	private static List<String> warnings(Run run) {
		String output = run.output();
		return output.substring(output.indexOf(WebApplication.CLOSING))
			.lines()
			.filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat "))
			.toList();
	}

}
