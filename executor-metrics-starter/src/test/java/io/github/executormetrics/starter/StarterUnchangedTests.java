// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import java.io.IOException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the starter changes no meter that is not its own, on an application that
 * answers requests, and that nothing is warned of when that closes.
 */
class StarterUnchangedTests {

	private static @Nullable Run withoutRegistry;

	// a second registry came, and Boot gave none of its own: milliseconds
	@Test
	void whenApplicationHasNoRegistryThenMetersAreAsWithout() throws Exception {
		Run before = withoutRegistry();
		Run after = Unchanged.run(Unchanged.NEIGHBOURS.or(Run.PROMETHEUS));
		assertThat(after.output()).contains("OtlpMeterRegistry", Unchanged.CORRELATION);
		Unchanged.assertMetersAreThoseOf(before, after);
		assertThat(Unchanged.meters(after).get("own.timer")).contains("\"baseUnit\":\"seconds\"", "9.5");
		Unchanged.assertClosesWithoutWarning(before, after);
	}

	private static synchronized Run withoutRegistry() throws IOException, InterruptedException {
		Run run = withoutRegistry;
		if (run == null) {
			run = Unchanged.run(Unchanged.WITHOUT.or(Run.PROMETHEUS));
			withoutRegistry = run;
		}
		return run;
	}

	/**
	 * A class of its own, so that Maven prints a line before it begins.
	 */
	@Nested
	class ActuatorAloneTests {

		@Test
		void whenUserWantsNeitherTracingNorOtlpThenLibraryWorksWithActuatorAlone() throws Exception {
			Run before = withoutRegistry();
			Run after = Unchanged.run(Unchanged.NEIGHBOURS.or(Run.BROUGHT).or(Run.TRACING).or(Run.PROMETHEUS));
			Unchanged.assertMetersAreThoseOf(before, after);
			assertThat(Unchanged.meters(after)).containsKeys("executor.task.submitted", "executor.worker.busy",
					"executor.starved");
			assertThat(after.lines("EXECUTORS")).singleElement().asString().contains("\"mails\"", "\"tasks\"");
			assertThat(after.lines("HEALTH")).singleElement().asString().contains("\"executors\":{");
			assertThat(after.output()).doesNotContain("Otlp", "OTLP", Unchanged.CORRELATION);
			Unchanged.assertClosesWithoutWarning(before, after);
		}

	}

}
