// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Spans;
import io.github.executormetrics.autoconfigure.Traces.Within;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A span, an observation or baggage that the user opens around each task stays current:
 * the context of the submitter is opened only where there is none.
 */
class UsersContextTests {

	// the task was in the submitter's span, and "async" an empty leaf
	@ParameterizedTest
	@CsvSource({ "DECORATOR,off", "DECORATOR,child-only", "DECORATOR,always", "SIMPLE_ASYNC,off", "SCHEDULER,off",
			"SUBCLASS,off", "SUBCLASS,child-only", "LAMBDA,off", "LAMBDA,always" })
	void whenUserOpensSpanAroundEachTaskThenTaskAndItsChildSpansAndMdcAreInIt(Owner owner, String spans) {
		run(owner, UsersContextTests::inOwnTrace, spans, (context) -> {
			Future<Seen> seen;
			Seen submitter;
			try (Within within = new Within(context, "request", "blue")) {
				submitter = Seen.in(context);
				seen = submit(context, () -> {
					Tracer tracer = context.getBean(Tracer.class);
					Span child = tracer.nextSpan().name("child").start();
					child.end();
					return Seen.in(context);
				});
			}
			Seen task = Runners.get(seen);
			SpanData child = next(context, "child");
			SpanData async = next(context, "async");
			assertThat(task.trace()).isEqualTo(async.getTraceId()).isNotEqualTo(submitter.trace());
			assertThat(child.getTraceId()).isEqualTo(async.getTraceId());
			assertThat(async.getParentSpanContext().isValid()).isFalse();
			assertThat(task.mdcTrace()).isEqualTo(task.trace());
			assertThat(task.mdcSpan()).isEqualTo(task.span());
			if (spans.equals("off")) {
				assertThat(task.span()).isEqualTo(async.getSpanId());
				assertThat(child.getParentSpanId()).isEqualTo(async.getSpanId());
			}
			// nothing of it stays
			assertThat(Runners.get(submit(context, () -> Seen.in(context))).tenant()).isNull();
		});
	}

	// one that was its child even showed twice
	@ParameterizedTest
	@EnumSource
	void whenUserOpensObservationAroundEachTaskThenTaskIsInIt(Owner owner) {
		run(owner,
				(context) -> (
						task) -> () -> Observation.createNotStarted("async", context.getBean(ObservationRegistry.class))
							.observe(task),
				"off", (context) -> {
					try (Within within = new Within(context, "request", "blue")) {
						Seen seen = Runners.get(submit(context, () -> Seen.in(context)));
						SpanData async = next(context, "async");
						assertThat(seen.span()).isEqualTo(seen.mdcSpan()).isEqualTo(async.getSpanId());
						assertThat(seen.observation()).isNotNull()
							.extracting((observation) -> observation.getContext().getName())
							.isEqualTo("async");
					}
				});
	}

	// the submitter's value took its place
	@ParameterizedTest
	@EnumSource
	void whenUserOpensBaggageAroundEachTaskThenItStaysInTraceOfSubmitter(Owner owner) {
		run(owner, (context) -> (task) -> () -> {
			try (BaggageInScope baggage = context.getBean(Tracer.class).createBaggageInScope("tenant", "users")) {
				task.run();
			}
		}, "off", (context) -> {
			try (Within within = new Within(context, "request", "blue")) {
				Seen seen = Runners.get(submit(context, () -> Seen.in(context)));
				assertThat(seen.tenant()).isEqualTo("users");
				assertThat(seen.mdcTenant()).isEqualTo("users");
				assertThat(seen.trace()).isEqualTo(Seen.in(context).trace());
				assertThat(seen.observation()).isSameAs(Seen.in(context).observation());
			}
			assertThat(Runners.get(submit(context, () -> "done"))).isEqualTo("done");
		});
	}

	// known by the class of its tracer, an application with another one went the old way
	@Test
	void whenTracerIsOfAnotherClassThenSpanOfUserStaysAsWell() {
		Owner.DECORATOR.run(Traces.withHiddenTracer(), UsersContextTests::inOwnTrace, (context) -> {
			try (Within within = new Within(context, "request", "blue")) {
				Seen seen = Runners.get(submit(context, () -> Seen.in(context)));
				assertThat(seen.span()).isEqualTo(next(context, "async").getSpanId());
			}
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenUserOpensSpanAroundTaskOnVirtualThreadThenTaskIsInIt() {
		Owner.VIRTUAL.run(Traces.with(), UsersContextTests::inOwnTrace, (context) -> {
			try (Within within = new Within(context, "request", "blue")) {
				Seen seen = Runners.get(submit(context, () -> Seen.in(context)));
				assertThat(seen.span()).isEqualTo(next(context, "async").getSpanId());
			}
		});
	}

	// the submitter's thread runs it inline, within a task of ours or not
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenCallerRunsTaskThenItIsInSpanOfUserAndCallerInItsOwnAgain(boolean withinTask) {
		run(Owner.CALLER_RUNS, UsersContextTests::asChild, "off", (context) -> {
			Executor executor = context.getBean("executor", Executor.class);
			CountDownLatch hold = new CountDownLatch(1);
			executor.execute(() -> Hold.until(hold));
			Callable<Seen> caller = () -> {
				Seen before = Seen.in(context);
				CompletableFuture<Seen> seen = new CompletableFuture<>();
				executor.execute(() -> seen.complete(Seen.in(context)));
				assertThat(Seen.in(context)).isEqualTo(before);
				assertThat(seen).isCompletedWithValueMatching((inline) -> before.trace().equals(inline.trace()));
				return Runners.get(seen);
			};
			try (Within within = new Within(context, "request", "blue")) {
				Seen inline = withinTask ? Runners.run(context.getBean("plain", Executor.class), caller)
						: caller.call();
				assertThat(inline.span()).isEqualTo(inline.mdcSpan()).isEqualTo(next(context, "async").getSpanId());
			}
			hold.countDown();
		});
	}

	// what the join helped with was in the trace of the one that joined
	@ParameterizedTest
	@CsvSource({ "off,false", "off,true", "child-only,false", "child-only,true" })
	void whenJoinOfForkJoinPoolRunsTaskOfAnotherRequestThenThatHasItsOwnTrace(String spans, boolean inSpan) {
		Traces.with()
			.withPropertyValues("executor-metrics.tracing.spans=" + spans)
			.withBean("pool", ExecutorService.class, () -> new ForkJoinPool(1))
			.run((context) -> {
				Executor pool = context.getBean("pool", Executor.class);
				CountDownLatch submitted = new CountDownLatch(1);
				CompletableFuture<Seen> helped = new CompletableFuture<>();
				CompletableFuture<Seen> after = new CompletableFuture<>();
				Seen first;
				try (Within within = new Within(context, "first", "blue")) {
					first = Seen.in(context);
					pool.execute(() -> {
						Span span = inSpan ? context.getBean(Tracer.class).nextSpan().name("step").start() : null;
						try (AutoCloseable scope = (span != null) ? context.getBean(Tracer.class).withSpan(span)::close
								: () -> {
								}) {
							Seen before = Seen.in(context);
							Hold.until(submitted);
							ForkJoinTask.helpQuiesce();
							assertThat(Seen.in(context)).isEqualTo(before);
							after.complete(before);
						}
						catch (Throwable ex) {
							after.completeExceptionally(ex);
						}
					});
				}
				Seen second;
				try (Within within = new Within(context, "second", "red")) {
					second = Seen.in(context);
					pool.execute(() -> helped.complete(Seen.in(context)));
				}
				submitted.countDown();
				Seen seen = Runners.get(helped);
				assertThat(Runners.get(after).trace()).isEqualTo(first.trace());
				assertThat(seen.trace()).isEqualTo(seen.mdcTrace()).isEqualTo(second.trace());
				assertThat(seen.tenant()).isEqualTo(seen.mdcTenant()).isEqualTo("red");
				assertThat(Runners.get(CompletableFuture.supplyAsync(() -> Seen.in(context), pool)).tenant()).isNull();
			});
	}

	private static void run(Owner owner, Around around, String spans,
			ContextConsumer<AssertableApplicationContext> consumer) {
		owner.run(Traces.with().withPropertyValues("executor-metrics.tracing.spans=" + spans), around, consumer);
	}

	private static UnaryOperator<Runnable> inOwnTrace(BeanFactory context) {
		return (task) -> () -> within(context,
				context.getBean(Tracer.class).spanBuilder().setNoParent().name("async").start(), task);
	}

	private static UnaryOperator<Runnable> asChild(BeanFactory context) {
		return (task) -> () -> within(context, context.getBean(Tracer.class).nextSpan().name("async").start(), task);
	}

	private static void within(BeanFactory context, Span span, Runnable task) {
		try (Tracer.SpanInScope scope = context.getBean(Tracer.class).withSpan(span)) {
			task.run();
		}
		finally {
			span.end();
		}
	}

	private static SpanData next(BeanFactory context, String name) throws InterruptedException {
		Spans spans = context.getBean(Spans.class);
		SpanData next = spans.next();
		while (!next.getName().equals(name)) {
			next = spans.next();
		}
		return next;
	}

	private static <T> Future<T> submit(BeanFactory context, Callable<T> task) {
		return CompletableFuture.supplyAsync(() -> call(task), context.getBean("executor", Executor.class));
	}

	private static <T> T call(Callable<T> task) {
		try {
			return task.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What the user puts around each task.
	 */
	interface Around {

		UnaryOperator<Runnable> in(BeanFactory context);

	}

	/**
	 * Where the user does so.
	 */
	enum Owner {

		DECORATOR {
			@Override
			Executor with(UnaryOperator<Runnable> around) {
				ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
				executor.setTaskDecorator(around::apply);
				return executor;
			}
		},

		CALLER_RUNS {
			@Override
			Executor with(UnaryOperator<Runnable> around) {
				ThreadPoolTaskExecutor executor = (ThreadPoolTaskExecutor) DECORATOR.with(around);
				executor.setMaxPoolSize(1);
				executor.setQueueCapacity(0);
				executor.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
				return executor;
			}
		},

		SIMPLE_ASYNC {
			@Override
			Executor with(UnaryOperator<Runnable> around) {
				SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
				executor.setTaskDecorator(around::apply);
				return executor;
			}
		},

		VIRTUAL {
			@Override
			Executor with(UnaryOperator<Runnable> around) {
				SimpleAsyncTaskExecutor executor = (SimpleAsyncTaskExecutor) SIMPLE_ASYNC.with(around);
				executor.setVirtualThreads(JRE.currentVersionNumber() >= 21);
				return executor;
			}
		},

		SCHEDULER {
			@Override
			Executor with(UnaryOperator<Runnable> around) {
				ThreadPoolTaskScheduler executor = new ThreadPoolTaskScheduler();
				executor.setTaskDecorator(around::apply);
				return executor;
			}
		},

		SUBCLASS {
			@Override
			Executor with(UnaryOperator<Runnable> around) {
				Wrapping executor = new Wrapping();
				executor.around = around;
				return executor;
			}
		},

		LAMBDA {
			@Override
			Executor with(UnaryOperator<Runnable> around) {
				return (task) -> new Thread(around.apply(task)).start();
			}
		};

		abstract Executor with(UnaryOperator<Runnable> around);

		void run(ApplicationContextRunner runner, Around around,
				ContextConsumer<AssertableApplicationContext> consumer) {
			runner.withBean("plain", ThreadPoolTaskExecutor.class)
				.withInitializer((context) -> ((GenericApplicationContext) context).registerBean("executor",
						Executor.class, () -> with((task) -> around.in(context).apply(task))))
				.run(consumer);
		}

	}

	public static class Wrapping extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		private @Nullable transient UnaryOperator<Runnable> around;

		@Override
		public void execute(Runnable task) {
			super.execute((this.around != null) ? this.around.apply(task) : task);
		}

	}

}
