package io.github.executormetrics.sample.otlp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

/**
 * Takes OTLP over HTTP as a collector does, and keeps what it was sent.
 */
final class OtlpReceiver implements AutoCloseable {

	private static final String PATH = "/v1/metrics";

	private final List<OtlpPayload> payloads = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	OtlpReceiver() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext(PATH, this::receive);
		this.server.start();
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort() + PATH;
	}

	/** Everything received, in the order of arrival. */
	List<OtlpPayload> payloads() {
		return this.payloads;
	}

	OtlpPayload last() {
		return this.payloads.get(this.payloads.size() - 1);
	}

	private void receive(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.payloads.add(new OtlpPayload(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody())));
			exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
			exchange.sendResponseHeaders(200, -1);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
