// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the starter beside a registry or a tracer of the application's own.
 */
class StarterNeighboursTests {

	@Test
	void whenApplicationHasOnlyPrometheusThenItStartsAsBefore() throws Exception {
		Run before = run(Run.VIRTUAL.or(Run.BRAVE).or(Run.STARTER).or(Run.TRACING));
		Run after = run(Run.VIRTUAL.or(Run.BRAVE));
		assertThat(before.fact("tracers")).isEqualTo("[]");
		assertThat(after.fact("tracers")).isEqualTo("[OtelTracer]");
		assertStartsAsBefore(before, after);
		assertThat(after.fact("prometheus registries")).isEqualTo("[PrometheusMeterRegistry]");
	}

	@Test
	void whenApplicationHasBraveThenBraveStaysTheOneTracer() throws Exception {
		Run before = run(Run.VIRTUAL.or(Run.PROMETHEUS).or(Run.STARTER));
		Run after = run(Run.VIRTUAL.or(Run.PROMETHEUS));
		assertThat(after.fact("tracers")).isEqualTo(before.fact("tracers")).isEqualTo("[BraveTracer]");
		assertThat(after.fact("propagators")).isEqualTo(before.fact("propagators")).isEqualTo("[BravePropagator]");
		assertStartsAsBefore(before, after);
	}

	// its recording and ours told of the same pinned threads under one name
	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenMicrometerMetersVirtualThreadsThenItsMetersStayItsOwn() throws Exception {
		Run before = run(Run.BRAVE.or(Run.STARTER).or(Run.TRACING));
		Run after = run(Run.BRAVE);
		assertThat(before.fact("virtual thread meters")).contains("jvm.threads.virtual.pinned");
		assertThat(after.fact("virtual thread meters")).isEqualTo(before.fact("virtual thread meters"));
		assertThat(after.fact("metered workers")).contains("virtualThreads");
		assertStartsAsBefore(before, after);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenMicrometerDoesNotThenNothingGoesByItsNames() throws Exception {
		Run alone = run(Run.VIRTUAL.or(Run.BRAVE));
		assertThat(alone.fact("virtual thread meters")).isEqualTo("[]");
		assertThat(alone.fact("metered workers")).contains("virtualThreads");
	}

	private static void assertStartsAsBefore(Run before, Run after) {
		assertThat(before.fact("our meters")).isEqualTo("[]");
		assertThat(after.fact("our meters")).contains("executor.task.submitted");
		for (String fact : List.of("prometheus registries", "executors", "jvm meters", "boot's executor meters")) {
			assertThat(after.fact(fact)).as(fact).isEqualTo(before.fact(fact));
		}
		assertThat(after.output()).doesNotContain(" WARN ", " ERROR ", "\tat ", "SLF4J");
		// nobody listens at the default address, and the last push has tried it
		assertThat(after.output().lines().filter((line) -> line.contains("No OTLP endpoint is configured"))).hasSize(1);
	}

	private static Run run(Predicate<String> absent) throws IOException, InterruptedException {
		return Run.of(NeighbourApplication.class, absent, "--spring.main.web-application-type=none");
	}

}
