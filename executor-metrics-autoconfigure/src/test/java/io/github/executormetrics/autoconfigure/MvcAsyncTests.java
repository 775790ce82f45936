// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Asynchronous requests of Spring MVC.
 */
@ExtendWith(OutputCaptureExtension.class)
class MvcAsyncTests {

	// the bean lost AsyncTaskExecutor, and MVC silently made a thread for each request
	@Test
	void getWhenControllerReturnsCallableThenRunsOnApplicationTaskExecutor(CapturedOutput output) {
		try (WebApplication application = WebApplication.start()) {
			assertThat(application.get("/thread").body()).isEqualTo("task-1");
			await().untilAsserted(
					() -> assertThat(Runners.tasks(application.context(), "applicationTaskExecutor").completed())
						.isEqualTo(1));
		}
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// the same thread as without us
	@Test
	void getWhenSwitchedOffThenRunsOnSameThread() {
		try (WebApplication application = WebApplication.start("executor-metrics.enabled=false")) {
			assertThat(application.get("/thread").body()).isEqualTo("task-1");
		}
	}

}
