// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.Objects;

import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.autoconfigure.metrics.TomcatMetricsAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.actuate.ExecutorsHealthIndicator.VerdictDescriptor;

/**
 * Applications on a real Tomcat that serves a {@link RequestLoad}, with this library and
 * without it.
 */
final class TomcatRunners {

	static final String NAME = "tomcat-http";

	private TomcatRunners() {
	}

	static WebApplicationContextRunner with() {
		return without().withConfiguration(Runners.OURS)
			.withConfiguration(AutoConfigurations.of(TomcatThreadsAutoConfiguration.class));
	}

	static WebApplicationContextRunner without() {
		return new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
			.withConfiguration(Runners.BOOTS)
			.withConfiguration(AutoConfigurations.of(TomcatServletWebServerAutoConfiguration.class,
					TomcatMetricsAutoConfiguration.class))
			.withUserConfiguration(Load.class)
			.withPropertyValues("server.port=0", "management.endpoints.web.exposure.include=*",
					"executor-metrics.watch.interval=100ms", "executor-metrics.watch.window=1s",
					"executor-metrics.watch.grace=0s", "server.tomcat.threads.max=4");
	}

	/**
	 * The protocol of the main connector.
	 */
	static AbstractProtocol<?> protocol(AssertableWebApplicationContext context) {
		WebServer server = context.getSourceApplicationContext(ServletWebServerApplicationContext.class).getWebServer();
		return (AbstractProtocol<?>) ((TomcatWebServer) Objects.requireNonNull(server)).getTomcat()
			.getConnector()
			.getProtocolHandler();
	}

	/**
	 * What health tells of the executors that starve, by their names.
	 */
	@SuppressWarnings("unchecked")
	static Map<String, VerdictDescriptor> starving(ApplicationContext context) {
		HealthDescriptor health = context.getBean(HealthEndpoint.class).health();
		HealthDescriptor executors = ((CompositeHealthDescriptor) health).getComponents().get("executors");
		Map<String, Object> details = ((IndicatedHealthDescriptor) executors).getDetails();
		return (details != null && details.containsKey("starving"))
				? (Map<String, VerdictDescriptor>) details.get("starving") : Map.of();
	}

	@Configuration(proxyBeanMethods = false)
	static class Load {

		@Bean(destroyMethod = "release")
		RequestLoad load() {
			return new RequestLoad();
		}

		@Bean
		ServletRegistrationBean<RequestLoad> loadServlet(RequestLoad load) {
			return new ServletRegistrationBean<>(load, "/hold", "/slow", "/compute");
		}

	}

}
