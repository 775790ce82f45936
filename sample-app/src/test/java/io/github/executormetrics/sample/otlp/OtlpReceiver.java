// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

/**
 * Takes OTLP over HTTP as a collector does, and keeps what it was sent.
 */
final class OtlpReceiver implements AutoCloseable {

	private static final String METRICS = "/v1/metrics";

	private static final String TRACES = "/v1/traces";

	private final List<OtlpPayload> payloads = new CopyOnWriteArrayList<>();

	private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	OtlpReceiver() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext(METRICS, (exchange) -> receive(exchange,
				(body) -> this.payloads.add(new OtlpPayload(ExportMetricsServiceRequest.parseFrom(body)))));
		this.server.createContext(TRACES,
				(exchange) -> receive(exchange, (body) -> this.traces.add(ExportTraceServiceRequest.parseFrom(body))));
		this.server.start();
	}

	/** The base of its addresses. */
	String endpoint() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	String url() {
		return endpoint() + METRICS;
	}

	/** Every push of spans, in the order of arrival. */
	List<ExportTraceServiceRequest> traces() {
		return this.traces;
	}

	/** Every span received, in the order of arrival. */
	List<ReceivedSpan> spans() {
		return this.traces.stream()
			.flatMap((request) -> request.getResourceSpansList().stream())
			.flatMap((resource) -> resource.getScopeSpansList().stream())
			.flatMap((scope) -> scope.getSpansList().stream())
			.map(ReceivedSpan::of)
			.toList();
	}

	/** Everything received, in the order of arrival. */
	List<OtlpPayload> payloads() {
		return this.payloads;
	}

	OtlpPayload last() {
		return this.payloads.get(this.payloads.size() - 1);
	}

	private void receive(HttpExchange exchange, Reader reader) throws IOException {
		try (exchange) {
			reader.read(exchange.getRequestBody());
			exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
			exchange.sendResponseHeaders(200, -1);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private interface Reader {

		void read(InputStream body) throws IOException;

	}

}
