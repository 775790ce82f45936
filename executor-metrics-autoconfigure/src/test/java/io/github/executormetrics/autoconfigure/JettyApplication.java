// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.awaitility.Awaitility.await;

/**
 * An application on a real Jetty of few threads, with requests that can be held.
 */
final class JettyApplication implements AutoCloseable {

	static final String NAME = "jetty-http";

	// one thread accepts, one selects
	static final int WORKERS = 6;

	private final ServletWebServerApplicationContext context;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private JettyApplication(ServletWebServerApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start it with these properties, and more configuration.
	 */
	static JettyApplication start(Class<?> configuration, String... properties) {
		return new JettyApplication(
				(ServletWebServerApplicationContext) new SpringApplicationBuilder(App.class, configuration)
					.properties("server.port=0", "server.jetty.threads.max=" + (WORKERS + 2),
							"server.jetty.threads.min=2", "server.jetty.threads.acceptors=1",
							"server.jetty.threads.selectors=1", "management.endpoints.web.exposure.include=*",
							"management.endpoint.health.show-details=always",
							"management.otlp.metrics.export.enabled=false",
							"management.tracing.export.otlp.enabled=false",
							"management.logging.export.otlp.enabled=false", "executor-metrics.watch.interval=100ms",
							"executor-metrics.watch.grace=0s", "executor-metrics.limits.stall=1s")
					.properties(properties)
					.run());
	}

	static JettyApplication start(String... properties) {
		return start(Nothing.class, properties);
	}

	ServletWebServerApplicationContext context() {
		return this.context;
	}

	Server server() {
		return ((JettyWebServer) this.context.getWebServer()).getServer();
	}

	ExecutorRegistry registry() {
		return this.context.getBean(ExecutorRegistry.class);
	}

	MonitoredExecutor executor() {
		return Objects.requireNonNull(registry().find(NAME));
	}

	/**
	 * Let the watch look as often.
	 */
	void ticks(int ticks) {
		ExecutorWatch watch = this.context.getBean(ExecutorWatch.class);
		double after = watch.ticks() + ticks;
		await().until(() -> watch.ticks() > after);
	}

	ExecutorDescriptor shown() {
		return Runners.shown(this.context, NAME);
	}

	/**
	 * What health says of those that starve.
	 */
	String starving() {
		HealthDescriptor health = this.context.getBean(HealthEndpoint.class).healthForPath("executors");
		return (health instanceof IndicatedHealthDescriptor told) ? String.valueOf(told.getDetails()) : "";
	}

	/**
	 * Send as many requests at once, none of which is waited for.
	 */
	List<CompletableFuture<HttpResponse<String>>> send(int requests, String path) {
		return Stream.generate(() -> send(path)).limit(requests).toList();
	}

	CompletableFuture<HttpResponse<String>> send(String path) {
		return send("local.server.port", path);
	}

	CompletableFuture<HttpResponse<String>> send(String port, String path) {
		return this.client.sendAsync(HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.context.getEnvironment().getProperty(port) + path))
			.build(), BodyHandlers.ofString());
	}

	Door door() {
		return this.context.getBean(Door.class);
	}

	@Override
	public void close() {
		door().open();
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { TomcatServletWebServerAutoConfiguration.class,
			TomcatServletManagementContextAutoConfiguration.class })
	static class App {

		@Bean
		Door door() {
			return new Door();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	/**
	 * Holds requests until it is opened.
	 */
	@RestController
	static class Door {

		private final CountDownLatch open = new CountDownLatch(1);

		private volatile boolean held;

		void open() {
			this.open.countDown();
		}

		boolean isHeld() {
			return this.held;
		}

		@GetMapping("/hold")
		@Nullable String hold() throws InterruptedException {
			this.held = true;
			this.open.await(1, TimeUnit.MINUTES);
			return Thread.currentThread().getName();
		}

		@GetMapping("/slow")
		@Nullable String slow() throws InterruptedException {
			this.open.await(300, TimeUnit.MILLISECONDS);
			return Thread.currentThread().getName();
		}

		@GetMapping("/later")
		Callable<@Nullable String> later() {
			return this::hold;
		}

	}

}
