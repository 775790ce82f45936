// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Nothing of one task's context is there in the next one.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextLeakTests {

	private final ApplicationContextRunner runner = Traces.with()
		.withBean("tasks", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(2);
			executor.setMaxPoolSize(2);
			executor.setQueueCapacity(20_000);
			return executor;
		});

	// a pooled thread kept the trace id, and the log told of one customer in the lines of
	// another
	@ParameterizedTest
	@CsvSource({ "off,false", "off,true", "child-only,false", "child-only,true" })
	void whenTasksAlternateThenThoseWithoutContextHaveNone(String spans, boolean failing) {
		this.runner.withPropertyValues("executor-metrics.tracing.spans=" + spans).run((context) -> {
			ObservationRegistry observations = context.getBean(ObservationRegistry.class);
			Tracer tracer = context.getBean(Tracer.class);
			List<Result> results = new ArrayList<>();
			for (int i = 0; i < 10_000; i++) {
				Result result = new Result();
				Callable<Object> task = () -> result.see(Seen.all(observations, tracer), failing);
				if (i % 2 == 0) {
					try (Within within = new Within(context, "submitter", "tenant" + i)) {
						result.expected = Seen.in(observations, tracer);
						result.future = submit(context, task);
					}
				}
				else {
					result.future = submit(context, task);
				}
				results.add(result);
			}
			for (Result result : results) {
				Seen seen = result.get();
				if (!spans.equals("off") && result.expected != Seen.NOTHING) {
					assertThat(seen.span()).isNotEqualTo(result.expected.span()).isEqualTo(seen.mdcSpan());
					seen = new Seen(result.expected.observation(), seen.trace(), result.expected.span(), seen.tenant(),
							seen.mdcTrace(), result.expected.mdcSpan(), seen.mdcTenant());
				}
				assertThat(seen).isEqualTo(result.expected);
			}
			assertThat(Seen.all(observations, tracer)).isEqualTo(Seen.NOTHING);
		});
	}

	// an interrupt came while the context was closed, and it stayed
	@ParameterizedTest
	@ValueSource(strings = { "off", "always" })
	void whenTaskIsCancelledWhileItRunsThenItsContextGoesWithIt(String spans) {
		this.runner.withPropertyValues("executor-metrics.tracing.spans=" + spans).run((context) -> {
			context.getBean(ThreadPoolTaskExecutor.class).setCorePoolSize(1);
			for (int i = 0; i < 20; i++) {
				CountDownLatch started = new CountDownLatch(1);
				Future<?> cancelled;
				try (Within within = new Within(context, "submitter", "blue")) {
					cancelled = submit(context, () -> {
						started.countDown();
						return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
					});
				}
				assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
				assertThat(cancelled.cancel(true)).isTrue();
				assertClean(context, spans);
			}
		});
	}

	private static void assertClean(BeanFactory context, String spans) throws Exception {
		ObservationRegistry observations = context.getBean(ObservationRegistry.class);
		Tracer tracer = context.getBean(Tracer.class);
		Seen seen = Runners.get(submit(context, () -> Seen.all(observations, tracer)));
		if (spans.equals("off")) {
			assertThat(seen).isEqualTo(Seen.NOTHING);
		}
		else {
			// that of its own
			assertThat(seen.tenant()).isNull();
			assertThat(seen.mdcTenant()).isNull();
			assertThat(seen.observation()).isNotNull();
			assertThat(seen.observation().getContext().getParentObservation()).isNull();
		}
	}

	// the request that ran a task inline went on without its trace id
	@ParameterizedTest
	@ValueSource(strings = { "off", "child-only", "always" })
	void whenCallerRunsTaskThenCallersContextIsAsBefore(String spans) {
		this.runner.withPropertyValues("executor-metrics.tracing.spans=" + spans).run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			executor.getThreadPoolExecutor().setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
			CountDownLatch hold = new CountDownLatch(1);
			for (int i = 0; i < 20_002; i++) {
				executor.execute(() -> hold(hold));
			}
			try (Within within = new Within(context, "submitter", "blue")) {
				Seen before = Seen.in(context);
				AtomicInteger ran = new AtomicInteger();
				executor.execute(() -> {
					Seen inside = Seen.in(context);
					assertThat(inside.trace()).isEqualTo(before.trace());
					assertThat(inside.tenant()).isEqualTo("blue");
					assertThat(inside.equals(before)).isEqualTo(spans.equals("off"));
					ran.incrementAndGet();
				});
				assertThat(ran).hasValue(1);
				assertThat(Seen.in(context)).isEqualTo(before);
				Future<?> failed = executor.submit((Callable<Object>) () -> {
					throw new IllegalStateException();
				});
				assertThat(failed.isDone()).isTrue();
				assertThat(Seen.in(context)).isEqualTo(before);
			}
			executor.execute(() -> {
			});
			assertThat(Seen.all(context.getBean(ObservationRegistry.class), context.getBean(Tracer.class)))
				.isEqualTo(Seen.NOTHING);
			hold.countDown();
		});
	}

	private static void hold(CountDownLatch latch) {
		try {
			assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// a handler of the user's threw, and with it went the tasks, or the worker kept the
	// trace from then on
	@ParameterizedTest
	@CsvSource({ "ON_START,always", "ON_STOP,always", "ON_ERROR,always", "ON_SCOPE_OPENED,off",
			"ON_SCOPE_OPENED,always", "ON_SCOPE_CLOSED,off", "ON_SCOPE_CLOSED,always" })
	void whenHandlerThrowsThenTasksGoOnAndNothingStays(Step step, String spans, CapturedOutput output) {
		FailingHandler handler = new FailingHandler(step);
		this.runner.withPropertyValues("executor-metrics.tracing.spans=" + spans)
			.withBean(FailingHandler.class, () -> handler)
			.run((context) -> {
				context.getBean(ThreadPoolTaskExecutor.class).setCorePoolSize(1);
				for (int i = 0; i < 5; i++) {
					handler.armed.set(true);
					try (Within within = new Within(context, "submitter", "blue")) {
						Future<String> future = submit(context, () -> {
							if (step == Step.ON_ERROR) {
								throw new IllegalStateException("expected");
							}
							return "done";
						});
						if (step == Step.ON_ERROR) {
							assertThat(future).failsWithin(10, TimeUnit.SECONDS);
						}
						else {
							assertThat(Runners.get(future)).isEqualTo("done");
						}
					}
					// once the task before has ended
					submit(context, () -> {
						handler.armed.set(false);
						return "";
					});
					assertClean(context, spans);
				}
				assertThat(handler.thrown.get()).isGreaterThanOrEqualTo(5);
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "tasks").active()).isZero());
				assertThat(Runners.tasks(context, "tasks").failed()).isEqualTo((step == Step.ON_ERROR) ? 5 : 0);
			});
		assertThat(output.toString().lines().filter((line) -> line.contains("Tracing a task failed"))).hasSize(1);
	}

	// so did a tracer of another kind
	@ParameterizedTest
	@ValueSource(strings = { "currentSpan", "withSpan", "getBaggage", "getAllBaggage" })
	void whenTracerThrowsThenTasksGoOnAndNothingStays(String failing) {
		AtomicBoolean armed = new AtomicBoolean();
		AtomicInteger thrown = new AtomicInteger();
		this.runner.withBean("failingTracer", BeanPostProcessor.class, () -> new BeanPostProcessor() {
			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean instanceof Tracer tracer) ? Proxy.newProxyInstance(Tracer.class.getClassLoader(),
						new Class<?>[] { Tracer.class }, (proxy, method, arguments) -> {
							if (armed.get() && method.getName().equals(failing)
									&& Thread.currentThread().getName().startsWith("tasks-")) {
								thrown.incrementAndGet();
								throw new NoSuchMethodError("of an older version");
							}
							return method.invoke(tracer, arguments);
						}) : bean;
			}
		}).run((context) -> {
			context.getBean(ThreadPoolTaskExecutor.class).setCorePoolSize(1);
			for (int i = 0; i < 3; i++) {
				Tracer tracer = context.getBean(Tracer.class);
				armed.set(true);
				// a span besides that of the observation, so that each method is called
				try (Within within = new Within(context, "submitter", "blue");
						Tracer.SpanInScope span = tracer.withSpan(tracer.nextSpan().start())) {
					assertThat(Runners.get(submit(context, () -> "done"))).isEqualTo("done");
				}
				// once the task before has ended
				submit(context, () -> {
					armed.set(false);
					return "";
				});
				assertClean(context, "off");
			}
			assertThat(thrown).hasPositiveValue();
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "tasks").failed()).isZero());
		});
	}

	private static <T> Future<T> submit(BeanFactory context, Callable<T> task) {
		return context.getBean(ThreadPoolTaskExecutor.class).submit(task);
	}

	/**
	 * What a task has seen, though it may have failed then.
	 */
	private static final class Result {

		private Seen expected = Seen.NOTHING;

		private @Nullable Future<Object> future;

		private volatile @Nullable Seen seen;

		Object see(Seen seen, boolean failing) {
			this.seen = seen;
			if (failing) {
				throw new IllegalStateException("expected");
			}
			return seen;
		}

		@Nullable Seen get() throws Exception {
			try {
				this.future.get(1, TimeUnit.MINUTES);
			}
			catch (ExecutionException ex) {
				assertThat(ex).hasRootCauseMessage("expected");
			}
			return this.seen;
		}

	}

	enum Step {

		ON_START, ON_STOP, ON_ERROR, ON_SCOPE_OPENED, ON_SCOPE_CLOSED

	}

	/**
	 * Throws on workers.
	 */
	private static final class FailingHandler implements ObservationHandler<Observation.Context> {

		private final Step step;

		private final AtomicBoolean armed = new AtomicBoolean();

		private final AtomicInteger thrown = new AtomicInteger();

		FailingHandler(Step step) {
			this.step = step;
		}

		@Override
		public void onStart(Observation.Context context) {
			maybeThrow(Step.ON_START);
		}

		@Override
		public void onStop(Observation.Context context) {
			maybeThrow(Step.ON_STOP);
		}

		@Override
		public void onError(Observation.Context context) {
			maybeThrow(Step.ON_ERROR);
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			maybeThrow(Step.ON_SCOPE_OPENED);
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			maybeThrow(Step.ON_SCOPE_CLOSED);
		}

		private void maybeThrow(Step now) {
			if (now == this.step && this.armed.get() && Thread.currentThread().getName().startsWith("tasks-")) {
				this.thrown.incrementAndGet();
				throw new NoSuchMethodError("of an older version");
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
