// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.net.http.HttpResponse;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.NamedTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The health of the executors as the platform sees it.
 */
class ExecutorsHealthTests {

	private static final String HEALTH = "/actuator/health";

	// a healthy application was not UP, for a component of ours
	@Test
	void getWhenNothingStarvesThenUp() {
		try (WebApplication application = WebApplication.start()) {
			HttpResponse<String> response = application.get(HEALTH);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(status(response)).isEqualTo("UP");
			assertThat(componentStatus(response)).isEqualTo("UP");
		}
	}

	// Boot's aggregator drops a status it does not know; and one that took instances out
	// of the load balancer had to be taken back
	@Test
	void getWhenExecutorStarvesThenRootShowsItAndStaysAvailable() {
		try (WebApplication application = WebApplication.start()) {
			application.starve();
			await().untilAsserted(() -> assertThat(status(application.get(HEALTH))).isEqualTo("STARVED"));
			HttpResponse<String> response = application.get(HEALTH);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(componentStatus(response)).isEqualTo("STARVED");
			assertThat(JsonPath.<String>read(response.body(), "$.components.executors.details.starving.narrow.verdict"))
				.isNotEqualTo("HEALTHY");
		}
	}

	// one task's trouble took the whole application for ill
	@Test
	void getWhenOneTaskIsStuckThenStaysUpAndShowsIt() {
		try (WebApplication application = WebApplication.start("executor-metrics.limits.stuck=100ms")) {
			application.completeOne();
			application.hold(1);
			await().untilAsserted(() -> assertThat(application.get(HEALTH).body()).contains("\"STUCK\""));
			HttpResponse<String> response = application.get(HEALTH);
			assertThat(status(response)).isEqualTo("UP");
			assertThat(JsonPath.<String>read(response.body(), "$.components.executors.details.stuck.narrow.verdict"))
				.isEqualTo("STUCK");
			assertThat(response.body()).doesNotContain("starving");
			assertThat(application.get("/actuator/prometheus").body())
				.containsPattern("executor_starved\\{name=\"narrow\"} 0\\.0");
		}
	}

	@Test
	void getWhenTasksFailThenStaysUpAndShowsTheirNameWithoutTheError() {
		try (WebApplication application = WebApplication.start()) {
			ThreadPoolTaskExecutor narrow = application.context().getBean("narrow", ThreadPoolTaskExecutor.class);
			for (int i = 0; i < 5; i++) {
				narrow.submit(NamedTask.of("mail", (Runnable) () -> {
					throw new IllegalStateException("secret");
				}));
			}
			await().untilAsserted(() -> assertThat(application.get(HEALTH).body()).contains("\"FAILING\""));
			HttpResponse<String> response = application.get(HEALTH);
			assertThat(status(response)).isEqualTo("UP");
			assertThat(JsonPath.<String>read(response.body(), "$.components.executors.details.failing.narrow.verdict"))
				.isEqualTo("FAILING");
			assertThat(response.body()).contains("mail (5 of the last 5 failed)")
				.doesNotContain("IllegalStateException", "secret");
			assertThat(application.get("/actuator/prometheus").body())
				.containsPattern("executor_starvation_incidents_total\\{cause=\"failing\",name=\"narrow\"} [1-9]");
		}
	}

	// who wants 503 had no way to get it
	@Test
	void getWhenStatusIsMappedThenUnavailable() {
		try (WebApplication application = WebApplication
			.start("management.endpoint.health.status.http-mapping.starved=503")) {
			application.starve();
			await().untilAsserted(() -> assertThat(application.get(HEALTH).statusCode()).isEqualTo(503));
		}
	}

	// a status of the user's own was dropped by the aggregator
	@Test
	void getWhenUserNamesTheStatusThenRootShowsIt() {
		try (WebApplication application = WebApplication.start("executor-metrics.health.status=BUSY")) {
			application.starve();
			await().untilAsserted(() -> assertThat(status(application.get(HEALTH))).isEqualTo("BUSY"));
		}
	}

	// our aggregator took the place of the user's order
	@Test
	void getWhenUserSetsStatusOrderThenItWins() {
		try (WebApplication application = WebApplication
			.start("management.endpoint.health.status.order=down,out-of-service,up,starved")) {
			application.starve();
			await().untilAsserted(() -> assertThat(componentStatus(application.get(HEALTH))).isEqualTo("STARVED"));
			assertThat(status(application.get(HEALTH))).isEqualTo("UP");
		}
	}

	// our aggregator took the place of the user's
	@Test
	void getWhenUserHasAggregatorThenItWins() {
		try (WebApplication application = WebApplication.start(OwnAggregator.class)) {
			assertThat(status(application.get(HEALTH))).isEqualTo("MINE");
		}
	}

	// saturation failed liveness, and the platform restarted the application
	@Test
	void getWhenExecutorStarvesThenLivenessAndReadinessStayUp() {
		try (WebApplication application = WebApplication.start("management.endpoint.health.probes.enabled=true")) {
			application.starve();
			await().untilAsserted(() -> assertThat(componentStatus(application.get(HEALTH))).isEqualTo("STARVED"));
			for (String group : new String[] { "/liveness", "/readiness" }) {
				HttpResponse<String> response = application.get(HEALTH + group);
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(status(response)).isEqualTo("UP");
				assertThat(response.body()).doesNotContain("executors");
			}
		}
	}

	// there was no way out of the health alone
	@Test
	void getWhenSwitchedOffThenNoComponent() {
		try (WebApplication application = WebApplication.start("management.health.executors.enabled=false")) {
			assertThat(application.get(HEALTH).body()).contains("UP").doesNotContain("executors");
		}
	}

	private static String status(HttpResponse<String> response) {
		return JsonPath.read(response.body(), "$.status");
	}

	private static String componentStatus(HttpResponse<String> response) {
		return JsonPath.read(response.body(), "$.components.executors.status");
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAggregator {

		@Bean
		StatusAggregator ownAggregator() {
			return (statuses) -> new Status("MINE");
		}

	}

}
