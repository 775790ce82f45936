// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * To whom the stacks of workers are shown. One worker is held and its task is stuck, so
 * that both the incident and a cause have stacks.
 */
class ShowStacksTests {

	private static final String EXECUTOR = "/actuator/executors/narrow";

	private static final String SHOW = "management.endpoint.executors.show-stacks=";

	// stacks tell much of an application, and anybody could read them
	@Test
	void getWhenNothingIsSetThenThoseWhoAreAuthenticatedSeeStacks() {
		try (WebApplication application = stuck()) {
			assertStacks(application, null, "", false);
			assertStacks(application, "ada", "none", true);
		}
	}

	@Test
	void getWhenRolesAreSetThenWhoHasOneSeesStacks() {
		try (WebApplication application = stuck(SHOW + "when-authorized", "management.endpoint.executors.roles=OPS")) {
			assertStacks(application, null, "", false);
			assertStacks(application, "ada", "DEV", false);
			assertStacks(application, "ada", "OPS", true);
		}
	}

	@Test
	void getWhenAlwaysThenEverybodySeesStacks() {
		try (WebApplication application = stuck(SHOW + "always", "management.endpoint.executors.roles=OPS")) {
			assertStacks(application, null, "", true);
			assertStacks(application, "ada", "DEV", true);
		}
	}

	@Test
	void getWhenNeverThenNobodySeesStacks() {
		try (WebApplication application = stuck(SHOW + "never", "management.endpoint.executors.roles=OPS")) {
			assertStacks(application, null, "", false);
			assertStacks(application, "ada", "OPS", false);
		}
	}

	// the name of a field in a stack was changed unseen
	@Test
	void getWhenShownThenStackHasTheDocumentedFields() {
		try (WebApplication application = stuck(SHOW + "always")) {
			String json = application.get(EXECUTOR + "/incidents").body();
			assertStack(json, "$.incidents[0].stacks[0]");
			assertStack(json, "$.incidents[0].causes[-1:].stacks[0]");
			assertStack(application.get(EXECUTOR).body(), "$.causes[-1:].stacks[0]");
		}
	}

	private static void assertStack(String json, String path) {
		Object found = JsonPath.read(json, path);
		@SuppressWarnings("unchecked")
		Map<String, Object> stack = (Map<String, Object>) ((found instanceof List<?> list) ? list.get(0) : found);
		assertThat(stack).containsOnlyKeys("workers", "state", "threads", "tasks", "oldestMillis", "frames")
			.containsEntry("workers", 1)
			.containsEntry("state", "TIMED_WAITING")
			.containsEntry("threads", List.of("narrow-1"))
			.containsEntry("tasks", List.of(WebApplication.class.getName()));
		assertThat(stack.get("frames").toString()).contains("CountDownLatch.await",
				WebApplication.class.getName() + ".lambda$hold$");
	}

	// the first frame of the application, and the call of the JDK that it waits in
	private static final String PLACE = "on narrow-1 in WebApplication.hold, in CountDownLatch.await";

	private static final String[] SECRETS = { "CountDownLatch", "narrow-1", "WebApplication.hold", "lambda$hold" };

	private static WebApplication stuck(String... properties) {
		WebApplication application = WebApplication.start(WebApplication.Users.class,
				Stream.concat(Stream.of("executor-metrics.limits.stuck=100ms"), Stream.of(properties))
					.toArray(String[]::new));
		application.completeOne();
		application.starve();
		await().untilAsserted(() -> assertThat(causes(application, "/incidents")).contains("STUCK"));
		await().untilAsserted(() -> assertThat(causes(application, "")).contains("STUCK"));
		return application;
	}

	private static List<String> causes(WebApplication application, String part) {
		return JsonPath.read(application.get(EXECUTOR + part).body(), "$..causes[*].cause");
	}

	private static void assertStacks(WebApplication application, @Nullable String user, String role, boolean shown) {
		String incidents = application.get(EXECUTOR + "/incidents", user, role).body();
		assertThat(JsonPath.<List<Object>>read(incidents, "$.incidents[*].stacks")).hasSize(shown ? 1 : 0);
		assertThat(JsonPath.<List<Object>>read(incidents, "$.incidents[*].causes[*].stacks")).hasSize(shown ? 1 : 0);
		String executor = application.get(EXECUTOR, user, role).body();
		assertThat(JsonPath.<List<Object>>read(executor, "$.causes[*].stacks")).hasSize(shown ? 1 : 0);
		if (!shown) {
			assertThat(incidents + executor).contains("STUCK").doesNotContain(SECRETS);
		}
		assertThat(executor + incidents).satisfies((json) -> assertThat(json.contains(PLACE)).isEqualTo(shown));
		// too long for them, whoever asks
		String all = application.get("/actuator/executors", user, role).body();
		assertThat(all).contains("STUCK").doesNotContain("\"stacks\"");
		assertThat(all.contains(PLACE)).isEqualTo(shown);
		assertThat(application.get("/actuator/health", user, role).body()).contains("STUCK")
			.doesNotContain("\"stacks\"")
			.doesNotContain(SECRETS);
		if (!shown) {
			assertThat(all).doesNotContain(SECRETS);
		}
	}

}
