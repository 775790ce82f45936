package io.github.executormetrics.autoconfigure;

import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether a task of Reactor's has a trace is Reactor's affair: with its context
 * propagation it has one, and else none of ours.
 */
class ReactorTracingTests {

	private final ApplicationContextRunner runner = Traces
		.with(Runners.with().withConfiguration(AutoConfigurations.of(ReactorExecutorsAutoConfiguration.class)))
		.withPropertyValues("executor-metrics.tracing.spans=always");

	@BeforeEach
	void reset() {
		Schedulers.shutdownNow();
	}

	@AfterEach
	void disable() {
		Hooks.disableAutomaticContextPropagation();
		Schedulers.shutdownNow();
	}

	@Test
	void whenReactorPropagatesNothingThenTheTaskHasNoTrace() {
		this.runner.run((context) -> {
			try (Within within = new Within(context, "request", "acme")) {
				assertThat(seenByTask(context)).isEqualTo(Seen.NOTHING);
			}
			assertMetered(context);
		});
	}

	@Test
	void whenReactorPropagatesTheContextThenTheTaskHasThatSpanAndNoneOfOurs() {
		Hooks.enableAutomaticContextPropagation();
		this.runner.run((context) -> {
			Seen outside;
			Seen inside;
			try (Within within = new Within(context, "request", "acme")) {
				outside = Seen.in(context);
				inside = seenByTask(context);
			}
			assertThat(outside.span()).isNotNull();
			assertThat(inside.observation()).isSameAs(outside.observation());
			assertThat(inside.trace()).isEqualTo(outside.trace());
			assertThat(inside.span()).isEqualTo(outside.span());
			assertMetered(context);
			// the thread is left as it was
			Hooks.disableAutomaticContextPropagation();
			assertThat(seenByTask(context)).isEqualTo(Seen.NOTHING);
		});
	}

	private static Seen seenByTask(BeanFactory context) throws Exception {
		CompletableFuture<Seen> seen = new CompletableFuture<>();
		Schedulers.single().schedule(() -> seen.complete(Seen.in(context)));
		return Runners.get(seen);
	}

	private static void assertMetered(BeanFactory context) {
		Awaitility.await()
			.untilAsserted(() -> assertThat(Runners.tasks(context, "reactor-single").completed()).isEqualTo(1));
	}

}
