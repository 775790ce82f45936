// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.autoconfigure.actuate.web.server.JettyServletManagementContextAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
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

	private volatile CountDownLatch hold = new CountDownLatch(1);

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
					"executor-metrics.watch.interval=200ms", "executor-metrics.watch.grace=0s",
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
	 * Hold the worker while tasks queue, until released or the application closes.
	 */
	void starve() {
		hold(3);
	}

	/**
	 * Run a task of the name of those that hold the worker, so that these are none that
	 * never end.
	 */
	void completeOne() {
		try {
			this.context.getBean("narrow", ThreadPoolTaskExecutor.class).submit(() -> "done").get(10, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Hand over tasks that hold the one worker until released or the application closes.
	 */
	void hold(int tasks) {
		ThreadPoolTaskExecutor narrow = this.context.getBean("narrow", ThreadPoolTaskExecutor.class);
		CountDownLatch hold = this.hold;
		for (int i = 0; i < tasks; i++) {
			narrow.execute(() -> {
				try {
					hold.await(1, TimeUnit.MINUTES);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
	}

	/**
	 * Let go of what is held by now.
	 */
	void release() {
		CountDownLatch held = this.hold;
		this.hold = new CountDownLatch(1);
		held.countDown();
	}

	HttpResponse<String> get(String path) {
		return get(path, null, "");
	}

	/**
	 * Get as somebody, where {@link Users} are known.
	 */
	HttpResponse<String> get(String path, @Nullable String user, String role) {
		HttpRequest.Builder request = request(path);
		if (user != null) {
			request.header(Users.USER, user).header(Users.ROLE, role);
		}
		return send(request);
	}

	HttpResponse<String> delete(String path) {
		return send(request(path).DELETE());
	}

	private HttpRequest.Builder request(String path) {
		String port = this.context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
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
	@EnableAutoConfiguration(exclude = { JettyServletWebServerAutoConfiguration.class,
			JettyServletManagementContextAutoConfiguration.class })
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

	/**
	 * Takes the caller for whom the request says it is.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Users {

		static final String USER = "X-User";

		static final String ROLE = "X-Role";

		@Bean
		Filter users() {
			return (request, response, chain) -> chain.doFilter(as((HttpServletRequest) request), response);
		}

		private static HttpServletRequest as(HttpServletRequest request) {
			String user = request.getHeader(USER);
			if (user == null) {
				return request;
			}
			return new HttpServletRequestWrapper(request) {
				@Override
				public Principal getUserPrincipal() {
					return () -> user;
				}

				@Override
				public boolean isUserInRole(String role) {
					return role.equals(request.getHeader(ROLE));
				}
			};
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/thread")
		Callable<String> thread() {
			return () -> Thread.currentThread().getName();
		}

	}

}
