// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;
import io.github.executormetrics.decorate.UserExecutors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The context of who submits a task is there when it runs, on every kind of executor.
 */
class ContextPropagationTests {

	// of a pool, the trace ended where the task began unless a decorator had been set
	@ParameterizedTest
	@MethodSource("kinds")
	void whenTaskIsSubmittedThenRunsInContextOfSubmitter(Kind kind) {
		run(kind, Traces.with(), (context) -> {
			Set<Way> ways = EnumSet.noneOf(Way.class);
			for (Way way : Way.values()) {
				Future<Seen> seen;
				Seen expected;
				try (Within within = new Within(context, way.name(), "blue")) {
					expected = Seen.in(context);
					seen = way.submit(context.getBean("executor"), () -> Seen.in(context));
				}
				if (seen == null) {
					continue;
				}
				ways.add(way);
				assertThat(Runners.get(seen)).as(way.name()).isEqualTo(expected);
				assertThat(expected.mdcTrace()).isNotNull().isEqualTo(expected.trace());
				assertThat(expected.mdcTenant()).isEqualTo("blue");
				Future<Seen> after = way.submit(context.getBean("executor"), () -> Seen.in(context));
				assertThat(Runners.get(after)).as("after " + way).isEqualTo(Seen.NOTHING);
			}
			assertThat(ways).contains(Way.EXECUTE, Way.SUPPLY_ASYNC);
			assertThat(ways.contains(Way.INVOKE_ALL)).isEqualTo(context.getBean("executor") instanceof ExecutorService);
			assertThat(ways.contains(Way.SCHEDULE)).isEqualTo(context.getBean("executor") instanceof TaskScheduler
					|| context.getBean("executor") instanceof ScheduledExecutorService);
		});
	}

	// spans that are made without an observation were lost
	@ParameterizedTest
	@MethodSource("kinds")
	void whenSubmitterHasSpanWithoutObservationThenSpanAndBaggageAreCarried(Kind kind) {
		run(kind, Traces.with(), (context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			Span span = tracer.nextSpan().name("plain").start();
			Future<Seen> seen;
			Seen expected;
			try (Tracer.SpanInScope scope = tracer.withSpan(span);
					BaggageInScope baggage = tracer.createBaggageInScope("tenant", "red")) {
				expected = Seen.in(context);
				seen = Way.EXECUTE.submit(context.getBean("executor"), () -> Seen.in(context));
			}
			span.end();
			assertThat(Runners.get(seen)).isEqualTo(expected);
			assertThat(expected.span()).isEqualTo(span.context().spanId());
			assertThat(expected.tenant()).isEqualTo("red");
		});
	}

	// the span that is current was taken for that of the observation around it
	@Test
	void whenSubmitterHasSpanWithinObservationThenBothAreCarried() {
		run(Kind.THREAD_POOL_TASK_EXECUTOR, Traces.with(), (context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			try (Within within = new Within(context, "outer", "blue")) {
				Span span = tracer.nextSpan().name("inner").start();
				try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
					Seen expected = Seen.in(context);
					Seen seen = Runners.get(Way.EXECUTE.submit(context.getBean("executor"), () -> Seen.in(context)));
					assertThat(seen).isEqualTo(expected);
					assertThat(seen.span()).isEqualTo(span.context().spanId());
					assertThat(seen.observation()).isNotNull();
				}
				span.end();
			}
		});
	}

	// the span of an instrumentation that knows nothing of Micrometer was lost
	@Test
	void whenSubmitterHasSpanOfOpenTelemetryThenItIsCarried() {
		run(Kind.THREAD_POOL_TASK_EXECUTOR, Traces.with(), (context) -> {
			io.opentelemetry.api.trace.Tracer tracer = context.getBean(io.opentelemetry.api.trace.Tracer.class);
			try (Within within = new Within(context, "outer", "blue")) {
				io.opentelemetry.api.trace.Span span = tracer.spanBuilder("inner").startSpan();
				try (io.opentelemetry.context.Scope scope = span.makeCurrent()) {
					Future<io.opentelemetry.api.trace.SpanContext> seen = submit(context,
							() -> io.opentelemetry.api.trace.Span.current().getSpanContext());
					assertThat(Runners.get(seen)).isEqualTo(span.getSpanContext());
				}
				span.end();
			}
		});
	}

	private static <T> Future<T> submit(BeanFactory context, Callable<T> task) {
		return context.getBean(ThreadPoolTaskExecutor.class).submit(task);
	}

	// a request for all tenants: each task logged, and sent on, the tenant of another
	@Test
	void whenTasksOfOneSpanHaveDifferentBaggageThenEachHasItsOwn() {
		run(Kind.THREAD_POOL_TASK_EXECUTOR, Traces.with(), (context) -> {
			context.getBean(ThreadPoolTaskExecutor.class).setCorePoolSize(4);
			List<Future<String>> seen = new ArrayList<>();
			Tracer tracer = context.getBean(Tracer.class);
			ObservationRegistry observations = context.getBean(ObservationRegistry.class);
			Observation.createNotStarted("request", observations).observe(() -> {
				for (int i = 0; i < 2_000; i++) {
					String tenant = "tenant" + i;
					try (BaggageInScope baggage = tracer.createBaggageInScope("tenant", tenant)) {
						seen.add(submit(context, () -> {
							Thread.yield();
							Seen now = Seen.in(observations, tracer);
							return now.tenant() + " " + now.mdcTenant();
						}));
					}
				}
			});
			for (int i = 0; i < seen.size(); i++) {
				assertThat(Runners.get(seen.get(i))).isEqualTo("tenant" + i + " tenant" + i);
			}
		});
	}

	// so did the span around each task, in whose baggage the shared one had come
	@Test
	void whenTasksOfOneSpanHaveSpansThenEachHasItsOwnBaggage() {
		run(Kind.THREAD_POOL_TASK_EXECUTOR, Traces.with().withPropertyValues("executor-metrics.tracing.spans=always"),
				(context) -> {
					context.getBean(ThreadPoolTaskExecutor.class).setCorePoolSize(4);
					List<Future<String>> seen = new ArrayList<>();
					Tracer tracer = context.getBean(Tracer.class);
					ObservationRegistry observations = context.getBean(ObservationRegistry.class);
					Observation.createNotStarted("request", observations).observe(() -> {
						for (int i = 0; i < 2_000; i++) {
							try (BaggageInScope baggage = tracer.createBaggageInScope("tenant", "tenant" + i)) {
								seen.add(submit(context, () -> {
									Seen now = Seen.in(observations, tracer);
									return now.tenant() + " " + now.mdcTenant();
								}));
							}
						}
					});
					for (int i = 0; i < seen.size(); i++) {
						assertThat(Runners.get(seen.get(i))).isEqualTo("tenant" + i + " tenant" + i);
					}
				});
	}

	// known by the class of its tracer, an application with another one had nothing
	@Test
	void whenTracerIsOfAnotherClassThenContextIsCarried() {
		ApplicationContextRunner runner = Traces.with()
			.withBean("other", BeanPostProcessor.class, () -> new BeanPostProcessor() {
				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof Tracer tracer) ? hidden(tracer) : bean;
				}
			});
		run(Kind.THREAD_POOL_TASK_EXECUTOR, runner, (context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			assertThat(tracer).isNotInstanceOf(OtelTracer.class);
			Span span = tracer.nextSpan().name("plain").start();
			for (boolean observed : new boolean[] { true, false, true }) {
				Future<Seen> seen;
				Seen expected;
				try (AutoCloseable within = observed ? new Within(context, "submitter", "blue")
						: tracer.withSpan(span)::close;
						BaggageInScope baggage = tracer.createBaggageInScope("tenant", "red")) {
					expected = Seen.in(context);
					seen = submit(context, () -> Seen.in(context));
					assertThat(Runners.get(seen)).isEqualTo(expected);
				}
				assertThat(expected.mdcTenant()).isEqualTo("red");
				assertThat(expected.observation() != null).isEqualTo(observed);
				assertThat(Runners
					.get(submit(context, () -> Seen.all(context.getBean(ObservationRegistry.class), tracer))))
					.isEqualTo(Seen.NOTHING);
			}
			span.end();
		});
	}

	private static Object hidden(Tracer tracer) {
		return Proxy.newProxyInstance(Tracer.class.getClassLoader(), new Class<?>[] { Tracer.class },
				(proxy, method, arguments) -> method.invoke(tracer, arguments));
	}

	// the baggage of whoever submitted first stayed, or none came
	@Test
	void whenSubmitterHasBaggageWithoutSpanThenTaskRuns() {
		run(Kind.THREAD_POOL_TASK_EXECUTOR, Traces.with(), (context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			Seen expected;
			Future<Seen> seen;
			try (BaggageInScope baggage = tracer.createBaggageInScope("tenant", "blue")) {
				expected = Seen.in(context);
				seen = submit(context, () -> Seen.in(context));
			}
			assertThat(Runners.get(seen)).isEqualTo(expected);
			assertThat(expected.tenant()).isEqualTo("blue");
			assertThat(Runners.get(submit(context, () -> Seen.in(context)))).isEqualTo(Seen.NOTHING);
		});
	}

	// a void method, one with a future and one on a named executor went different ways
	@ParameterizedTest
	@EnumSource
	void whenAsyncMethodIsCalledThenRunsInContextOfCaller(AsyncWay way) {
		Traces.with().withUserConfiguration(way.configuration).run((context) -> {
			Job job = context.getBean(Job.class);
			try (Within within = new Within(context, "caller", "blue")) {
				Seen expected = Seen.in(context);
				assertThat(Runners.get(job.told())).isEqualTo(expected);
				CompletableFuture<Seen> untold = new CompletableFuture<>();
				job.untold(untold);
				assertThat(Runners.get(untold)).isEqualTo(expected);
			}
			assertThat(Runners.get(job.told())).isEqualTo(Seen.NOTHING);
		});
	}

	// there was no way to have it off
	@ParameterizedTest
	@MethodSource("kinds")
	void whenSwitchedOffThenNothingIsCarried(Kind kind) {
		run(kind, Traces.with().withPropertyValues("executor-metrics.tracing.propagate=false"), (context) -> {
			try (Within within = new Within(context, "submitter", "blue")) {
				for (Way way : Way.values()) {
					Future<Seen> seen = way.submit(context.getBean("executor"), () -> Seen.in(context));
					assertThat((seen != null) ? Runners.get(seen) : Seen.NOTHING).isEqualTo(Seen.NOTHING);
				}
			}
		});
	}

	// it was all or nothing
	@ParameterizedTest
	@CsvSource({ "true,false", "false,true" })
	void whenSwitchedForOneExecutorThenOthersDoAsBefore(boolean all, boolean own) {
		Traces.with()
			.withPropertyValues("executor-metrics.tracing.propagate=" + all,
					"executor-metrics.executors.own.tracing.propagate=" + own)
			.withBean("own", ThreadPoolTaskExecutor.class)
			.withBean("other", ThreadPoolTaskScheduler.class)
			.run((context) -> {
				try (Within within = new Within(context, "submitter", "blue")) {
					Seen expected = Seen.in(context);
					assertThat(Runners.run(context.getBean("own", Executor.class), () -> Seen.in(context)))
						.isEqualTo(own ? expected : Seen.NOTHING);
					assertThat(Runners.run(context.getBean("other", Executor.class), () -> Seen.in(context)))
						.isEqualTo(all ? expected : Seen.NOTHING);
				}
			});
	}

	// it took the spans with it
	@Test
	void whenSwitchedOffForOneExecutorThenItsTasksStillHaveSpans() {
		Traces.with()
			.withPropertyValues("executor-metrics.tracing.spans=always",
					"executor-metrics.executors.own.tracing.propagate=false")
			.withBean("own", ThreadPoolTaskExecutor.class)
			.run((context) -> {
				try (Within within = new Within(context, "submitter", "blue")) {
					Seen seen = Runners.run(context.getBean("own", Executor.class), () -> Seen.in(context));
					assertThat(seen.span()).isNotNull();
					assertThat(seen.trace()).isNotEqualTo(Seen.in(context).trace());
				}
			});
	}

	static List<Kind> kinds() {
		return List.of(Kind.values()).stream().filter(Kind::isAvailable).toList();
	}

	@SuppressWarnings("unchecked")
	private static void run(Kind kind, ApplicationContextRunner runner,
			ContextConsumer<AssertableApplicationContext> consumer) {
		runner
			.withBean("executor", (Class<Object>) kind.declared, (Supplier<Object>) kind.supplier,
					(definition) -> ((AbstractBeanDefinition) definition)
						.setDestroyMethodName(AbstractBeanDefinition.INFER_METHOD))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(Runners.shown(context, "executor").coverage()).isEqualTo("tasks");
				consumer.accept(context);
			});
	}

	/**
	 * The kinds of executor beans.
	 */
	enum Kind {

		THREAD_POOL_TASK_EXECUTOR(ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new),

		USERS_THREAD_POOL_TASK_EXECUTOR(OwnThreadPoolTaskExecutor.class, OwnThreadPoolTaskExecutor::new),

		THREAD_POOL_TASK_SCHEDULER(ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new),

		THREAD_POOL(ThreadPoolExecutor.class,
				() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>())),

		THREAD_POOL_AS_SERVICE(ExecutorService.class, () -> Executors.newFixedThreadPool(1)),

		SCHEDULED_POOL(ScheduledThreadPoolExecutor.class, () -> new ScheduledThreadPoolExecutor(1)),

		SIMPLE_ASYNC_EXECUTOR(SimpleAsyncTaskExecutor.class, SimpleAsyncTaskExecutor::new),

		USERS_SIMPLE_ASYNC_EXECUTOR(OwnSimpleAsyncTaskExecutor.class, OwnSimpleAsyncTaskExecutor::new),

		SIMPLE_ASYNC_SCHEDULER(SimpleAsyncTaskScheduler.class, SimpleAsyncTaskScheduler::new),

		ADAPTER(TaskExecutorAdapter.class, () -> new TaskExecutorAdapter(Kind::onNewThread)),

		CONCURRENT_EXECUTOR(ConcurrentTaskExecutor.class, () -> new ConcurrentTaskExecutor(Kind::onNewThread)),

		PLAIN(Executor.class, () -> (Executor) Kind::onNewThread),

		SERVICE(ExecutorService.class, Executors::newSingleThreadExecutor),

		USERS_SERVICE(ExecutorService.class, () -> new OwnService(Executors.newFixedThreadPool(1))),

		SCHEDULED_SERVICE(ScheduledExecutorService.class, Executors::newSingleThreadScheduledExecutor),

		ASYNC(AsyncTaskExecutor.class, () -> (AsyncTaskExecutor) Kind::onNewThread),

		FORK_JOIN(ExecutorService.class, () -> new ForkJoinPool(1)),

		VIRTUAL_SERVICE(ExecutorService.class, Kind::virtual),

		VIRTUAL_SIMPLE_ASYNC(SimpleAsyncTaskExecutor.class, () -> {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
			executor.setVirtualThreads(true);
			return executor;
		});

		private final Class<?> declared;

		private final Supplier<?> supplier;

		Kind(Class<?> declared, Supplier<?> supplier) {
			this.declared = declared;
			this.supplier = supplier;
		}

		boolean isAvailable() {
			return Runtime.version().feature() >= 21 || !name().startsWith("VIRTUAL");
		}

		private static void onNewThread(Runnable task) {
			new Thread(task).start();
		}

		private static Object virtual() {
			try {
				return Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
			}
			catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * The ways to submit a task.
	 */
	enum Way {

		EXECUTE {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				CompletableFuture<Seen> seen = new CompletableFuture<>();
				((Executor) executor).execute(completing(seen, task));
				return seen;
			}
		},

		SUPPLY_ASYNC {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				return CompletableFuture.supplyAsync(() -> call(task), (Executor) executor);
			}
		},

		COMPLETION_SERVICE {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				return new ExecutorCompletionService<Seen>((Executor) executor).submit(task);
			}
		},

		SUBMIT {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				if (executor instanceof ExecutorService service) {
					return service.submit(task);
				}
				return (executor instanceof AsyncTaskExecutor async) ? async.submit(task) : null;
			}
		},

		SUBMIT_RUNNABLE {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				CompletableFuture<Seen> seen = new CompletableFuture<>();
				if (executor instanceof ExecutorService service) {
					service.submit(completing(seen, task));
					return seen;
				}
				if (executor instanceof AsyncTaskExecutor async) {
					async.submit(completing(seen, task));
					return seen;
				}
				return null;
			}
		},

		SUBMIT_COMPLETABLE {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				return (executor instanceof AsyncTaskExecutor async) ? async.submitCompletable(task) : null;
			}
		},

		INVOKE_ALL {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) throws Exception {
				return (executor instanceof ExecutorService service) ? service.invokeAll(List.of(task)).get(0) : null;
			}
		},

		INVOKE_ANY {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) throws Exception {
				return (executor instanceof ExecutorService service)
						? CompletableFuture.completedFuture(service.invokeAny(List.of(task))) : null;
			}
		},

		SCHEDULE {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				CompletableFuture<Seen> seen = new CompletableFuture<>();
				if (executor instanceof ScheduledExecutorService service) {
					service.schedule(completing(seen, task), 1, TimeUnit.MILLISECONDS);
					return seen;
				}
				if (executor instanceof TaskScheduler scheduler) {
					scheduler.schedule(completing(seen, task), Instant.now().plusMillis(1));
					return seen;
				}
				return null;
			}
		},

		SCHEDULE_CALLABLE {
			@Override
			@Nullable Future<Seen> submit(Object executor, Callable<Seen> task) {
				return (executor instanceof ScheduledExecutorService service)
						? service.schedule(task, 1, TimeUnit.MILLISECONDS) : null;
			}
		};

		/**
		 * Submit a task.
		 * @param executor the executor
		 * @param task the task
		 * @return its result, or null where the executor cannot be given one this way
		 */
		abstract @Nullable Future<Seen> submit(Object executor, Callable<Seen> task) throws Exception;

		private static Runnable completing(CompletableFuture<Seen> seen, Callable<Seen> task) {
			return () -> seen.complete(call(task));
		}

		private static Seen call(Callable<Seen> task) {
			try {
				return task.call();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	public static class OwnThreadPoolTaskExecutor extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

	}

	public static class OwnSimpleAsyncTaskExecutor extends SimpleAsyncTaskExecutor {

		private static final long serialVersionUID = 1L;

	}

	// private, so that it is decorated by its interface
	private static final class OwnService extends UserExecutors.OwnExecutorService {

		OwnService(ExecutorService delegate) {
			super(delegate);
		}

	}

	/**
	 * Where the executor of {@code @Async} methods comes from.
	 */
	enum AsyncWay {

		BEAN(OnBean.class), CONFIGURER(OnConfigurer.class), DEFAULT(OnDefault.class);

		private final Class<?> configuration;

		AsyncWay(Class<?> configuration) {
			this.configuration = configuration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class OnDefault {

		@Bean
		Job job(BeanFactory context) {
			return new Job(context);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnBean extends OnDefault {

		@Bean
		ThreadPoolTaskExecutor executor() {
			return new ThreadPoolTaskExecutor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnConfigurer extends OnDefault {

		@Bean
		static AsyncConfigurer configurer() {
			return new AsyncConfigurer() {
				@Override
				public Executor getAsyncExecutor() {
					return new SimpleAsyncTaskExecutor("configured-");
				}
			};
		}

	}

	public static class Job {

		private final @Nullable BeanFactory context;

		protected Job() {
			this.context = null;
		}

		Job(BeanFactory context) {
			this.context = context;
		}

		@Async
		public CompletableFuture<Seen> told() {
			return CompletableFuture.completedFuture(Seen.in(this.context));
		}

		@Async
		public void untold(CompletableFuture<Seen> seen) {
			seen.complete(Seen.in(this.context));
		}

	}

}
