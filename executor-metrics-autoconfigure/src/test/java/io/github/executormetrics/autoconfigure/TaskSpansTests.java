// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.DefaultTaskObservationConvention;
import io.github.executormetrics.NamedTask;
import io.github.executormetrics.TaskObservationContext;
import io.github.executormetrics.TaskObservationConvention;
import io.github.executormetrics.TaskObservationDocumentation;
import io.github.executormetrics.autoconfigure.Traces.Spans;
import io.github.executormetrics.autoconfigure.Traces.Within;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spans of tasks.
 */
class TaskSpansTests {

	private final ApplicationContextRunner runner = Traces.with().withUserConfiguration(Application.class);

	private final ApplicationContextRunner always = this.runner
		.withPropertyValues("executor-metrics.tracing.spans=always");

	// spans that nobody asked for, of each of a million tasks
	@Test
	void whenNothingIsSetThenTaskHasNoSpan() {
		this.runner.run((context) -> {
			try (Within within = new Within(context, "submitter", "blue")) {
				assertThat(run(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("done");
			}
			assertThat(context.getBean(Spans.class).next().getName()).isEqualTo("submitter");
			assertThat(run(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("done");
			awaitNothingRuns(context.getBean(ThreadPoolTaskExecutor.class));
			assertThat(context.getBean(Spans.class).isEmpty()).isTrue();
		});
	}

	// each task without a trace started one of its own
	@Test
	void whenChildOnlyThenTasksWithinTraceHaveSpans() {
		this.runner.withPropertyValues("executor-metrics.tracing.spans=child-only").run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			assertThat(run(executor)).isEqualTo("done");
			Within within = new Within(context, "submitter", "blue");
			assertThat(run(executor)).isEqualTo("done");
			// the first of all that is exported
			SpanData task = context.getBean(Spans.class).next();
			within.close();
			SpanData submitter = context.getBean(Spans.class).next();
			assertThat(submitter.getName()).isEqualTo("submitter");
			assertChild(task, submitter);
		});
	}

	@Test
	void whenAlwaysThenTaskWithoutTraceHasOneOfItsOwn() {
		this.always.run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			assertThat(run(executor)).isEqualTo("done");
			SpanData alone = context.getBean(Spans.class).next();
			assertThat(alone.getParentSpanContext().isValid()).isFalse();
			Within within = new Within(context, "submitter", "blue");
			assertThat(run(executor)).isEqualTo("done");
			SpanData task = context.getBean(Spans.class).next();
			within.close();
			assertChild(task, context.getBean(Spans.class).next());
			assertThat(task.getTraceId()).isNotEqualTo(alone.getTraceId());
		});
	}

	private static void assertChild(SpanData task, SpanData parent) {
		assertThat(task.getTraceId()).isEqualTo(parent.getTraceId());
		assertThat(task.getParentSpanId()).isEqualTo(parent.getSpanId());
	}

	// what the task did hung beside its span
	@Test
	void whenTaskObservesThenItsSpansAreChildrenOfThatOfTask() {
		this.always.run((context) -> {
			ObservationRegistry observations = context.getBean(ObservationRegistry.class);
			try (Within within = new Within(context, "submitter", "blue")) {
				Runners.get(context.getBean(ThreadPoolTaskExecutor.class)
					.submit(() -> Observation.createNotStarted("work", observations).observe(() -> {
					})));
			}
			List<SpanData> spans = context.getBean(Spans.class).next(3);
			SpanData work = spans.stream().filter((span) -> span.getName().equals("work")).findFirst().orElseThrow();
			SpanData task = spans.stream()
				.filter((span) -> span.getSpanId().equals(work.getParentSpanId()))
				.findFirst()
				.orElseThrow();
			assertThat(Traces.tag(task, "executor.name")).isEqualTo("tasks");
		});
	}

	// a trace that lasted two seconds did not say that the task had waited for them
	@Test
	void whenTaskWaitsThenSpanSaysWhatItIsAndHowLong() {
		this.always.run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			CountDownLatch hold = new CountDownLatch(1);
			executor.execute(NamedTask.of("hold", () -> await(hold)));
			executor.execute(NamedTask.of("import", () -> {
			}));
			Awaitility.await().pollDelay(Duration.ofMillis(30)).until(() -> executor.getQueueSize() == 1);
			hold.countDown();
			assertThat(context.getBean(Spans.class).next().getName()).isEqualTo("hold");
			SpanData span = context.getBean(Spans.class).next();
			assertThat(span.getName()).isEqualTo("import");
			assertThat(Traces.tag(span, "executor.name")).isEqualTo("tasks");
			assertThat(Traces.tag(span, "task.name")).isEqualTo("import");
			assertThat(Traces.tag(span, "task.outcome")).isEqualTo("success");
			assertThat(Traces.tag(span, "task.wait.ms")).matches("\\d+\\.\\d{3}")
				.satisfies((wait) -> assertThat(Double.parseDouble(wait)).isGreaterThanOrEqualTo(30));
			assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
		});
	}

	// of the ways in which an error is lost, each had a span that said success
	@ParameterizedTest
	@EnumSource
	void whenTaskFailsThenSpanHasItsError(Failing way) {
		this.always.run((context) -> {
			way.run(context.getBean(ThreadPoolTaskExecutor.class), context.getBean(Job.class));
			SpanData span = context.getBean(Spans.class).next();
			assertThat(Traces.tag(span, "task.outcome")).isEqualTo("error");
			assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
			assertThat(span.getStatus().getDescription()).isEqualTo("failed");
			assertThat(span.getEvents()).extracting(EventData::getName).containsExactly("exception");
		});
	}

	// the convention was ours alone to change
	@Test
	void whenUserHasConventionThenItNamesSpans() {
		this.always.withBean(TaskObservationConvention.class, OwnConvention::new).run((context) -> {
			assertThat(run(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("done");
			SpanData span = context.getBean(Spans.class).next();
			assertThat(span.getName()).isEqualTo("own tasks");
			assertThat(Traces.tag(span, "own")).isEqualTo("true");
			assertThat(Traces.tag(span, "task.name")).isNull();
		});
	}

	@Test
	void whenUserHasGlobalConventionThenItNamesSpans() {
		this.always.withBean(GlobalConvention.class, GlobalConvention::new).run((context) -> {
			assertThat(run(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("done");
			SpanData span = context.getBean(Spans.class).next();
			assertThat(span.getName()).isEqualTo("global");
			assertThat(Traces.tag(span, "executor.name")).isEqualTo("tasks");
		});
	}

	// keys that stood in the documentation, and others that did not
	@Test
	void whenDocumentedThenKeysAreThoseOfSpans() {
		this.always.run((context) -> {
			assertThat(run(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("done");
			SpanData span = context.getBean(Spans.class).next();
			TaskObservationDocumentation documentation = TaskObservationDocumentation.TASK_EXECUTION;
			assertThat(documentation.getDefaultConvention()).isEqualTo(DefaultTaskObservationConvention.class);
			assertThat(span.getAttributes().asMap().keySet()).extracting(Object::toString)
				.containsExactlyInAnyOrderElementsOf(Stream
					.concat(Arrays.stream(documentation.getLowCardinalityKeyNames()),
							Arrays.stream(documentation.getHighCardinalityKeyNames()))
					.map((key) -> key.asString())
					.toList());
		});
	}

	// a timer with buckets for each name, of times that our timers hold already
	@Test
	void whenTaskHasSpanThenNoMeterIsMadeOfIt() {
		this.always.withUserConfiguration(Registries.class).run((context) -> {
			Map<String, MeterRegistry> registries = context.getBeansOfType(MeterRegistry.class);
			assertThat(registries).containsKeys("simple", "prometheus").hasSizeGreaterThan(2);
			CountDownLatch running = new CountDownLatch(1);
			CountDownLatch hold = new CountDownLatch(1);
			context.getBean(ThreadPoolTaskExecutor.class).execute(() -> {
				running.countDown();
				await(hold);
			});
			await(running);
			assertNoMeters(context.getBean("simple", MeterRegistry.class));
			assertNoMeters(context.getBean("prometheus", MeterRegistry.class));
			hold.countDown();
			context.getBean(Spans.class).next();
			Observation.createNotStarted("other", context.getBean(ObservationRegistry.class)).observe(() -> {
			});
			for (String name : List.of("simple", "prometheus")) {
				MeterRegistry registry = context.getBean(name, MeterRegistry.class);
				assertNoMeters(registry);
				// while others' observations have their timers, and we have ours
				assertThat(registry.find("other").timer()).isNotNull();
				assertThat(registry.find("executor.task.run").timer()).isNotNull();
			}
		});
	}

	private static void assertNoMeters(MeterRegistry registry) {
		assertThat(registry.getMeters()).extracting(Meter::getId)
			.extracting(Meter.Id::getName)
			.isNotEmpty()
			.noneMatch((name) -> name.startsWith(TaskObservationDocumentation.NAME));
	}

	// a starter is not to decide which of two conventions is meant
	@ParameterizedTest
	@ValueSource(ints = { 0, 2 })
	void whenThereAreNoneOrTwoConventionsThenDefaultNamesSpans(int conventions) {
		ApplicationContextRunner with = this.always;
		for (int i = 0; i < conventions; i++) {
			with = with.withBean("convention" + i, TaskObservationConvention.class, OwnConvention::new);
		}
		with.run((context) -> {
			assertThat(run(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("done");
			assertThat(Traces.tag(context.getBean(Spans.class).next(), "executor.name")).isEqualTo("tasks");
		});
	}

	private static String run(ThreadPoolTaskExecutor executor) throws Exception {
		return Runners.get(executor.submit(() -> "done"));
	}

	private static void awaitNothingRuns(ThreadPoolTaskExecutor executor) {
		executor.shutdown();
		try {
			assertThat(executor.getThreadPoolExecutor().awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The ways in which a task can fail.
	 */
	enum Failing {

		EXECUTED {
			@Override
			void run(ThreadPoolTaskExecutor executor, Job job) {
				executor.execute(Failing::fail);
			}
		},

		SUBMITTED {
			@Override
			void run(ThreadPoolTaskExecutor executor, Job job) {
				executor.submit((Callable<Object>) Failing::fail);
			}
		},

		ASYNC_VOID {
			@Override
			void run(ThreadPoolTaskExecutor executor, Job job) {
				job.failUntold();
			}
		},

		ASYNC_FUTURE {
			@Override
			void run(ThreadPoolTaskExecutor executor, Job job) {
				job.failTold();
			}
		};

		abstract void run(ThreadPoolTaskExecutor executor, Job job);

		private static Object fail() {
			throw new IllegalStateException("failed");
		}

	}

	public static class Job {

		@Async
		public void failUntold() {
			Failing.fail();
		}

		@Async
		public CompletableFuture<Object> failTold() {
			return CompletableFuture.completedFuture(Failing.fail());
		}

	}

	private static final class OwnConvention implements TaskObservationConvention {

		@Override
		public String getName() {
			return "own";
		}

		@Override
		public String getContextualName(TaskObservationContext context) {
			return "own " + context.getExecutor();
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(TaskObservationContext context) {
			return KeyValues.of("own", String.valueOf(context.isCompleted()));
		}

	}

	private static final class GlobalConvention extends DefaultTaskObservationConvention
			implements GlobalObservationConvention<TaskObservationContext> {

		@Override
		public String getContextualName(TaskObservationContext context) {
			return "global";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Application {

		@Bean
		ThreadPoolTaskExecutor tasks() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		Job job() {
			return new Job();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Registries {

		@Bean
		SimpleMeterRegistry simple() {
			return new SimpleMeterRegistry();
		}

		@Bean
		PrometheusMeterRegistry prometheus() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

	}

}
