package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application on a real server, with an executor that can be made to starve.
 */
final class WebApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final HttpClient client = HttpClient.newHttpClient();

	private final CountDownLatch hold = new CountDownLatch(1);

	private WebApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start it with these properties, and more configuration.
	 */
	static WebApplication start(Class<?> configuration, String... properties) {
		return new WebApplication(new SpringApplicationBuilder(App.class, configuration)
			.properties("server.port=0", "management.endpoints.web.exposure.include=executors,health,prometheus",
					"management.otlp.metrics.export.enabled=false", "management.tracing.export.otlp.enabled=false",
					"management.logging.export.otlp.enabled=false", "management.endpoint.health.show-details=always",
					"executor-metrics.watch.interval=50ms", "executor-metrics.watch.grace=0s",
					"executor-metrics.watch.raise-after=1", "executor-metrics.limits.mean-wait=20ms")
			.properties(properties)
			.run());
	}

	static WebApplication start(String... properties) {
		return start(Nothing.class, properties);
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	/**
	 * Hold the worker while tasks queue, until the application closes.
	 */
	void starve() {
		hold(3);
	}

	/**
	 * Hand over tasks that hold the one worker until the application closes.
	 */
	void hold(int tasks) {
		ThreadPoolTaskExecutor narrow = this.context.getBean("narrow", ThreadPoolTaskExecutor.class);
		for (int i = 0; i < tasks; i++) {
			narrow.execute(() -> {
				try {
					this.hold.await(1, TimeUnit.MINUTES);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
	}

	HttpResponse<String> get(String path) {
		String port = this.context.getEnvironment().getRequiredProperty("local.server.port");
		try {
			return this.client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
					BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.hold.countDown();
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor narrow() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(1);
			return executor;
		}

		@Bean
		Controller controller() {
			return new Controller();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	@RestController
	static class Controller {

		@GetMapping("/thread")
		Callable<String> thread() {
			return () -> Thread.currentThread().getName();
		}

	}

}
