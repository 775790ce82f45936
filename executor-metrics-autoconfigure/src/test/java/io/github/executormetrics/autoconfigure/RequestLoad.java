// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * A servlet and its clients: what they ask for holds a thread of the server until it is
 * let go, is slow, or computes.
 */
final class RequestLoad extends HttpServlet implements ApplicationListener<WebServerInitializedEvent> {

	private final transient HttpClient client = HttpClient.newHttpClient();

	private final transient CountDownLatch released = new CountDownLatch(1);

	private volatile int port;

	private volatile boolean holding;

	@Override
	protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
		long millis = Long.parseLong(request.getParameter("ms"));
		switch (request.getServletPath()) {
			case "/hold" -> await(TimeUnit.MINUTES.toMillis(1));
			case "/slow" -> await(millis);
			default -> compute(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
		}
		byte[] answer = Thread.currentThread().getName().getBytes(StandardCharsets.UTF_8);
		response.setContentLength(answer.length);
		response.getOutputStream().write(answer);
		// a server that shuts down closes the connection once no servlet is in use
		response.flushBuffer();
	}

	private void await(long millis) {
		this.holding = true;
		try {
			this.released.await(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void compute(long until) {
		while (System.nanoTime() < until) {
			Thread.onSpinWait();
		}
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (event.getApplicationContext().getServerNamespace() == null) {
			this.port = event.getWebServer().getPort();
		}
	}

	/**
	 * Ask for it at once, each on a connection of its own.
	 */
	List<CompletableFuture<HttpResponse<String>>> send(int requests, String path) {
		return Stream.generate(() -> get(this.port, path)).limit(requests).toList();
	}

	CompletableFuture<HttpResponse<String>> get(int port, String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.version(HttpClient.Version.HTTP_1_1)
			.build();
		return this.client.sendAsync(request, BodyHandlers.ofString());
	}

	/**
	 * Whether the server takes no more connections.
	 */
	boolean isRefused() throws IOException {
		try (Socket socket = new Socket("localhost", this.port)) {
			return !socket.isConnected();
		}
		catch (ConnectException ex) {
			return true;
		}
	}

	boolean isHolding() {
		return this.holding;
	}

	/**
	 * Let go of all that is held and slow, now and later.
	 */
	void release() {
		this.released.countDown();
	}

}
