// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A context is not handed on for ever: at most three hand-overs carry it once its span
 * has ended.
 */
class HandOverTests {

	private static final int RUNS = 10;

	private final ApplicationContextRunner runner = with(Traces.with());

	private static ApplicationContextRunner with(ApplicationContextRunner runner) {
		return runner.withBean("tasks", ThreadPoolTaskExecutor.class)
			.withBean("scheduler", ThreadPoolTaskScheduler.class);
	}

	// all its runs were in the trace of the first request, for the life of the
	// application
	@ParameterizedTest
	@CsvSource({ "off,1,execute", "off,0,execute", "child-only,1,execute", "child-only,0,execute", "always,1,execute",
			"off,1,observed", "off,0,observed", "child-only,1,observed", "off,1,baggage", "off,1,schedule",
			"child-only,1,schedule" })
	void whenTaskSubmitsItselfThenItLeavesTheTraceOfTheFirstRequest(String spans, String sampling, String way) {
		this.runner
			.withPropertyValues("executor-metrics.tracing.spans=" + spans,
					"management.tracing.sampling.probability=" + sampling)
			.run((context) -> {
				Repeating task = new Repeating(context, way);
				assertLeavesTrace(task.runAfterRequest(), task.request);
			});
	}

	@Test
	void whenTracerIsOfAnotherClassThenTaskThatSubmitsItselfLeavesTheTraceAsWell() {
		with(Traces.withHiddenTracer()).run((context) -> {
			Repeating task = new Repeating(context, "execute");
			assertLeavesTrace(task.runAfterRequest(), task.request);
		});
	}

	private static void assertLeavesTrace(List<Seen> runs, Seen request) {
		List<@Nullable String> traces = traces(runs);
		// the first was submitted within the request
		assertThat(traces.subList(0, 4)).containsOnly(request.trace());
		assertThat(traces.subList(4, RUNS)).doesNotContain(request.trace());
	}

	private static List<@Nullable String> traces(List<Seen> runs) {
		List<@Nullable String> traces = new ArrayList<>();
		runs.forEach((run) -> traces.add(run.trace()));
		return traces;
	}

	// so was all that a consumer handed on, which a request had started
	@ParameterizedTest
	@ValueSource(strings = { "1", "0" })
	void whenConsumerLoopWasStartedInRequestThenThreeHandOversCarryItsTrace(String sampling) {
		this.runner.withPropertyValues("management.tracing.sampling.probability=" + sampling).run((context) -> {
			Executor tasks = context.getBean("tasks", Executor.class);
			BlockingQueue<Integer> items = new LinkedBlockingQueue<>();
			BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
			Seen request;
			try (Within within = new Within(context, "request", "blue")) {
				request = Seen.in(context);
				context.getBean("scheduler", Executor.class).execute(() -> {
					for (int i = 0; i < RUNS; i++) {
						take(items);
						tasks.execute(() -> seen.add(Seen.in(context)));
					}
				});
			}
			for (int i = 0; i < RUNS; i++) {
				items.add(i);
			}
			List<Seen> all = new ArrayList<>();
			for (int i = 0; i < RUNS; i++) {
				all.add(take(seen));
			}
			assertThat(all.stream().filter((one) -> request.trace().equals(one.trace()))).hasSize(3);
			assertThat(all.stream().filter(Seen.NOTHING::equals)).hasSize(RUNS - 3);
		});
	}

	// it must not cost a request that is under way the rest of its trace
	@ParameterizedTest
	@CsvSource({ "off,1", "off,0", "child-only,1", "child-only,0", "always,1" })
	void whenRequestGoesOnThenAllThatItHandsOverIsInItsTrace(String spans, String sampling) {
		this.runner
			.withPropertyValues("executor-metrics.tracing.spans=" + spans,
					"management.tracing.sampling.probability=" + sampling)
			.run((context) -> {
				Repeating task = new Repeating(context, "execute");
				try (Within within = new Within(context, "request", "blue")) {
					assertThat(traces(task.runWithin())).containsOnly(task.request.trace());
				}
				Repeating observed = new Repeating(context, "observed");
				try (Within within = new Within(context, "request", "blue")) {
					assertThat(traces(observed.runWithin())).containsOnly(observed.request.trace());
				}
			});
	}

	@Test
	void whenSpanWithoutObservationGoesOnThenAllThatItHandsOverIsInItsTrace() {
		this.runner.run((context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			Span span = tracer.nextSpan().name("plain").start();
			try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
				Repeating task = new Repeating(context, "execute");
				assertThat(traces(task.runWithin())).containsOnly(span.context().traceId());
			}
			finally {
				span.end();
			}
		});
	}

	// a job that a request has started, and that has a span of its own
	@ParameterizedTest
	@ValueSource(strings = { "off", "child-only" })
	void whenTaskOpensSpanAfterRequestThenAllThatItHandsOverInItIsInItsTrace(String spans) {
		this.runner.withPropertyValues("executor-metrics.tracing.spans=" + spans).run((context) -> {
			CountDownLatch ended = new CountDownLatch(1);
			CompletableFuture<List<@Nullable String>> traces = new CompletableFuture<>();
			Seen request;
			try (Within within = new Within(context, "request", "blue")) {
				request = Seen.in(context);
				context.getBean("scheduler", Executor.class).execute(() -> {
					Hold.until(ended);
					Observation.createNotStarted("job", context.getBean(ObservationRegistry.class)).observe(() -> {
						List<@Nullable String> all = new ArrayList<>();
						for (int i = 0; i < 3; i++) {
							all.addAll(traces(new Repeating(context, "execute").runWithin()));
						}
						traces.complete(all);
					});
				});
			}
			ended.countDown();
			assertThat(Runners.get(traces)).hasSize(3 * RUNS).containsOnly(request.trace());
		});
	}

	// as the order of the sample does, whose request has long been answered
	@Test
	void whenTaskHasSpanThenAllThatItHandsOverAfterRequestIsInIt() {
		this.runner.withPropertyValues("executor-metrics.tracing.spans=child-only").run((context) -> {
			CountDownLatch ended = new CountDownLatch(1);
			BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
			Seen request;
			try (Within within = new Within(context, "request", "blue")) {
				request = Seen.in(context);
				context.getBean("scheduler", Executor.class).execute(() -> {
					Hold.until(ended);
					for (int i = 0; i < RUNS; i++) {
						Observation.createNotStarted("step", context.getBean(ObservationRegistry.class))
							.observe(() -> context.getBean("tasks", Executor.class)
								.execute(() -> seen.add(Seen.in(context))));
						context.getBean("tasks", Executor.class).execute(() -> seen.add(Seen.in(context)));
					}
				});
			}
			ended.countDown();
			for (int i = 0; i < 2 * RUNS; i++) {
				assertThat(take(seen).trace()).isEqualTo(request.trace());
			}
		});
	}

	// the observation of a registry without spans was handed on as well
	@Test
	void whenTracerHasNoSpansThenObservationIsNotHandedOnForEver() {
		this.runner.withPropertyValues("management.opentelemetry.enabled=false").run((context) -> {
			Repeating task = new Repeating(context, "execute");
			List<Seen> runs = task.runAfterRequest();
			assertThat(runs.subList(0, 4)).extracting(Seen::observation).containsOnly(task.request.observation());
			assertThat(runs.subList(4, RUNS)).containsOnly(Seen.NOTHING);
		});
	}

	private static <T> T take(BlockingQueue<T> queue) {
		try {
			T next = queue.poll(10, TimeUnit.SECONDS);
			assertThat(next).isNotNull();
			return next;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A task that submits itself, on a single worker.
	 */
	private static final class Repeating implements Runnable {

		private final BeanFactory context;

		private final String way;

		private final CountDownLatch ended = new CountDownLatch(1);

		private final BlockingQueue<Seen> runs = new LinkedBlockingQueue<>();

		private volatile int count;

		private Seen request = Seen.NOTHING;

		Repeating(BeanFactory context, String way) {
			this.context = context;
			this.way = way;
		}

		List<Seen> runAfterRequest() {
			try (Within within = new Within(this.context, "request", "blue")) {
				this.request = Seen.in(this.context);
				submit();
			}
			return end();
		}

		List<Seen> runWithin() {
			this.request = Seen.in(this.context);
			submit();
			return end();
		}

		private List<Seen> end() {
			this.ended.countDown();
			List<Seen> all = new ArrayList<>();
			for (int i = 0; i < RUNS; i++) {
				all.add(take(this.runs));
			}
			return all;
		}

		@Override
		public void run() {
			Hold.until(this.ended);
			this.runs.add(Seen.in(this.context));
			if (++this.count < RUNS) {
				submitAgain();
			}
		}

		private void submitAgain() {
			switch (this.way) {
				case "observed" -> Observation.createNotStarted("poll", this.context.getBean(ObservationRegistry.class))
					.observe(this::submit);
				case "baggage" -> {
					try (BaggageInScope baggage = this.context.getBean(Tracer.class)
						.createBaggageInScope("tenant", "run" + this.count)) {
						submit();
					}
				}
				case "schedule" -> this.context.getBean(TaskScheduler.class).schedule(this, Instant.now());
				default -> submit();
			}
		}

		private void submit() {
			this.context.getBean("tasks", Executor.class).execute(this);
		}

	}

}
