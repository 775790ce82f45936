// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.core.env.Environment;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of a Tomcat that serves the management endpoints on a port of its own.
 */
class TomcatManagementTests {

	private static WebApplication start(String... properties) {
		String[] all = new String[properties.length + 3];
		System.arraycopy(properties, 0, all, 3, properties.length);
		all[0] = "management.server.port=0";
		all[1] = "server.tomcat.threads.max=2";
		all[2] = "executor-metrics.limits.stall=500ms";
		return WebApplication.start(TomcatRunners.Load.class, all);
	}

	private static List<String> names(ExecutorRegistry registry) {
		return registry.all()
			.stream()
			.map(MonitoredExecutor::name)
			.filter((name) -> name.startsWith("tomcat"))
			.toList();
	}

	@Test
	void whenTheServerIsSaturatedThenHealthNamesItOnThePortOfManagement() {
		ExecutorRegistry registry;
		try (WebApplication application = start()) {
			registry = application.context().getBean(ExecutorRegistry.class);
			assertThat(names(registry)).containsExactly("tomcat-http", "tomcat-http-management");
			RequestLoad load = application.context().getBean(RequestLoad.class);
			load.send(5, "/hold?ms=0");
			Environment environment = application.context().getEnvironment();
			int port = environment.getRequiredProperty("local.management.port", Integer.class);
			await().untilAsserted(() -> {
				String health = load.get(port, "/actuator/health").join().body();
				assertThat(JsonPath.<String>read(health, "$.status")).isEqualTo("STARVED");
				assertThat(JsonPath.<String>read(health, "$.components.executors.details.starving.tomcat-http.verdict"))
					.isEqualTo("STALLED");
				assertThat(health).doesNotContain("tomcat-http-management");
			});
			load.release();
		}
		assertThat(names(registry)).isEmpty();
	}

	// the customizers of the application are not asked for that server
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenThreadsAreVirtualThenThoseOfManagementAreSeenToo() {
		try (WebApplication application = start("spring.threads.virtual.enabled=true")) {
			assertThat(Runners.shown(application.context(), "tomcat-http-management").coverage()).isEqualTo("tasks");
			int port = application.context()
				.getEnvironment()
				.getRequiredProperty("local.management.port", Integer.class);
			application.context().getBean(RequestLoad.class).get(port, "/actuator/health").join();
			await().untilAsserted(
					() -> assertThat(Runners.tasks(application.context(), "tomcat-http-management").completed())
						.isPositive());
		}
	}

	@Test
	void whenWebServerIsNoSourceThenNeitherIsKnown() {
		try (WebApplication application = start("executor-metrics.sources.web-server=false")) {
			assertThat(names(application.context().getBean(ExecutorRegistry.class))).isEmpty();
		}
	}

}
