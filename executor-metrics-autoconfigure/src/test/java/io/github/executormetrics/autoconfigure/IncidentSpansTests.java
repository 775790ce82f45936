// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.IncidentListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExecutorTracingAutoConfiguration} and {@link IncidentSpans}.
 */
@ExtendWith(OutputCaptureExtension.class)
class IncidentSpansTests {

	private static final String[] TAGS = { "starvation.executor", "starvation.cause", "starvation.incident" };

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=200ms", "executor-metrics.watch.grace=0s",
				"executor-metrics.watch.raise-after=1", "executor-metrics.watch.clear-after=2",
				"executor-metrics.limits.mean-wait=20ms");

	private final ApplicationContextRunner traced = Traces.with(this.runner);

	// a slow trace did not say that the task had met a starving executor
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void endWhenExecutorStarvesThenSpanOfTaskTellsIt(boolean submitted) {
		this.traced.withUserConfiguration(OwnSpans.class).run((context) -> {
			Traces.Spans spans = context.getBean(Traces.Spans.class);
			Tasks tasks = new Tasks(context, submitted);
			tasks.hand(3);
			StarvationIncident incident = tasks.raised();
			tasks.end(1);
			SpanData marked = spans.next();
			// two more wait still: it is not over
			assertThat(marked.getEvents()).extracting(EventData::getName).containsExactly("starvation");
			assertThat(Traces.tag(marked, "starvation.executor")).isEqualTo("narrow");
			assertThat(Traces.tag(marked, "starvation.cause")).isEqualTo(incident.gravest().tag());
			assertThat(marked.getAttributes().get(AttributeKey.longKey("starvation.incident"))).isEqualTo(1);
			tasks.end(2);
			spans.next();
			spans.next();
			tasks.cleared();
			tasks.hand(1);
			tasks.end(1);
			assertUnmarked(spans.next());
		});
	}

	// the span that a submitter had opened, which is what is handed over in practice
	@Test
	void endWhenContextIsPropagatedThenSpanOfSubmitterTellsIt() {
		this.traced.withUserConfiguration(Propagation.class).run((context) -> {
			Traces.Spans spans = context.getBean(Traces.Spans.class);
			Tasks tasks = new Tasks(context, true);
			tasks.hand(2);
			tasks.raised();
			Observation order = Observation.start("order", context.getBean(ObservationRegistry.class));
			order.scoped(() -> tasks.hand(1));
			Future<?> ordered = tasks.last();
			// so that it starves on
			tasks.hand(1);
			tasks.end(3);
			assertThat(Runners.get(ordered)).isEqualTo("done");
			order.stop();
			tasks.end(1);
			SpanData marked = spans.next();
			assertThat(marked.getName()).isEqualTo("order");
			assertThat(marked.getEvents()).extracting(EventData::getName).containsExactly("starvation");
		});
	}

	// who waited for the task had ended the span before it was marked
	@Test
	void endWhenTaskWasSubmittedThenAsksBeforeItsFutureIsDone() {
		AtomicReference<Future<?>> first = new AtomicReference<>();
		BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
		Tracer tracer = tracer(() -> {
			done.add(first.get().isDone());
			return null;
		});
		this.runner.withUserConfiguration(Plain.class).withBean(Tracer.class, () -> tracer).run((context) -> {
			Tasks tasks = new Tasks(context, true);
			tasks.hand(3);
			first.set(tasks.first());
			tasks.raised();
			tasks.end(1);
			assertThat(done.poll(10, TimeUnit.SECONDS)).isFalse();
			assertThat(Runners.get(tasks.first())).isEqualTo("done");
			tasks.end(2);
			assertThat(Runners.get(tasks.last())).isEqualTo("done");
			// once each
			assertThat(done.poll(10, TimeUnit.SECONDS)).isTrue();
			assertThat(done.poll(10, TimeUnit.SECONDS)).isTrue();
			assertThat(done).isEmpty();
		});
	}

	@Test
	void endWhenNoSpanIsCurrentThenTasksRunAsEver(CapturedOutput output) {
		this.traced.withUserConfiguration(Plain.class).run((context) -> {
			Tasks tasks = new Tasks(context, true);
			tasks.hand(3);
			tasks.raised();
			tasks.end(3);
			assertThat(Runners.get(tasks.last())).isEqualTo("done");
			tasks.cleared();
			assertThat(Runners.tasks(context, "narrow").failed()).isZero();
		});
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// a tracer of the user's that failed took the tasks with it
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void endWhenTracerThrowsThenTasksRunAsEver(boolean submitted, CapturedOutput output) {
		AtomicInteger asked = new AtomicInteger();
		Tracer tracer = tracer(() -> {
			asked.incrementAndGet();
			throw new NoClassDefFoundError("tracer");
		});
		this.runner.withUserConfiguration(Plain.class).withBean(Tracer.class, () -> tracer).run((context) -> {
			Tasks tasks = new Tasks(context, submitted);
			tasks.hand(3);
			tasks.raised();
			tasks.end(3);
			tasks.cleared();
			assertThat(tasks.ended()).isEqualTo(3);
			assertThat(asked).hasPositiveValue();
			if (submitted) {
				assertThat(Runners.get(tasks.last())).isEqualTo("done");
			}
			assertThat(Runners.tasks(context, "narrow").completed()).isEqualTo(3);
			assertThat(Runners.tasks(context, "narrow").failed()).isZero();
		});
		assertThat(output).doesNotContain("Exception in thread");
	}

	// a task that fails is the one whose trace is looked at
	@Test
	void endWhenTaskFailsThenItsSpanTellsIt() {
		this.traced.withUserConfiguration(OwnSpans.class).run((context) -> {
			Tasks tasks = new Tasks(context, true);
			ThreadPoolTaskExecutor narrow = context.getBean(ThreadPoolTaskExecutor.class);
			Future<?> failing = narrow.submit((Callable<Object>) () -> {
				tasks.await();
				throw new IllegalStateException("failed");
			});
			tasks.hand(2);
			tasks.raised();
			tasks.end(1);
			assertThat(context.getBean(Traces.Spans.class).next().getEvents()).extracting(EventData::getName)
				.contains("starvation");
			assertThat(failing.isDone()).isTrue();
			tasks.end(2);
		});
	}

	// a future inside another was marked with each of them
	@Test
	void endWhenCompletionServiceCarriesTaskThenItsSpanTellsItOnce() {
		this.traced.withUserConfiguration(OwnSpans.class).run((context) -> {
			Tasks tasks = new Tasks(context, true);
			Executor pool = context.getBean(ThreadPoolTaskExecutor.class).getThreadPoolExecutor();
			Future<String> carried = new ExecutorCompletionService<String>(pool).submit(tasks::await, "carried");
			tasks.hand(2);
			tasks.raised();
			tasks.end(1);
			assertThat(Runners.get(carried)).isEqualTo("carried");
			assertThat(context.getBean(Traces.Spans.class).next().getEvents()).hasSize(1);
			tasks.end(2);
		});
	}

	// with lazy initialization nobody asked for what marks them
	@Test
	void endWhenInitializationIsLazyThenSpanOfTaskTellsIt() {
		this.traced.withUserConfiguration(OwnSpans.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				Tasks tasks = new Tasks(context, false);
				tasks.hand(3);
				tasks.raised();
				tasks.end(1);
				assertThat(context.getBean(Traces.Spans.class).next().getEvents()).hasSize(1);
				tasks.end(2);
			});
	}

	@Test
	void startWhenTracingIsNotOnTheClassPathThenNotLoaded() {
		this.runner.withUserConfiguration(Plain.class)
			.withClassLoader(new FilteredClassLoader(Tracer.class))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(ExecutorWatch.class)
					.doesNotHaveBean(ExecutorTracingAutoConfiguration.class)
					.doesNotHaveBean("executorMetricsIncidentSpans");
				assertThat(Runners.get(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> "done")))
					.isEqualTo("done");
			});
	}

	@Test
	void startWhenThereIsNoTracerThenStarts() {
		this.runner.withUserConfiguration(Plain.class).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ExecutorTracingAutoConfiguration.class);
			Tasks tasks = new Tasks(context, true);
			tasks.hand(3);
			tasks.raised();
			tasks.end(3);
			assertThat(Runners.get(tasks.last())).isEqualTo("done");
		});
	}

	@Test
	void startWhenDisabledThenNotThere() {
		this.runner.withUserConfiguration(Plain.class)
			.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ExecutorTracingAutoConfiguration.class));
	}

	// an application that has two did not start any more
	@Test
	void startWhenThereAreTwoTracersThenStarts() {
		this.runner.withUserConfiguration(Plain.class)
			.withBean("one", Tracer.class, () -> Tracer.NOOP)
			.withBean("two", Tracer.class, () -> Tracer.NOOP)
			.run((context) -> assertThat(context).hasNotFailed().getBeans(Tracer.class).hasSize(2));
	}

	private static Tracer tracer(Supplier<@Nullable Span> current) {
		return (Tracer) Proxy.newProxyInstance(Tracer.class.getClassLoader(), new Class<?>[] { Tracer.class },
				(proxy, method, arguments) -> method.getName().equals("currentSpan") ? current.get()
						: method.invoke(Tracer.NOOP, arguments));
	}

	private static void assertUnmarked(SpanData span) {
		assertThat(span.getEvents()).isEmpty();
		assertThat(span.getAttributes().asMap().keySet()).extracting(AttributeKey::getKey).doesNotContain(TAGS);
	}

	/**
	 * Tasks that hold the one worker until each is told to end.
	 */
	private static final class Tasks {

		private final ThreadPoolTaskExecutor narrow;

		private final boolean submitted;

		private final Semaphore ends = new Semaphore(0);

		private final AtomicInteger ended = new AtomicInteger();

		private final BlockingQueue<Future<?>> futures = new LinkedBlockingQueue<>();

		private final BlockingQueue<StarvationIncident> told = new LinkedBlockingQueue<>();

		Tasks(BeanFactory context, boolean submitted) {
			this.narrow = context.getBean("narrow", ThreadPoolTaskExecutor.class);
			this.submitted = submitted;
			// told after what marks the spans, which came first
			context.getBean(ExecutorWatch.class).onIncident(new IncidentListener() {
				@Override
				public void raised(StarvationIncident incident, MonitoredExecutor executor) {
					Tasks.this.told.add(incident);
				}

				@Override
				public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
					Tasks.this.told.add(incident);
				}
			});
		}

		void hand(int tasks) {
			for (int i = 0; i < tasks; i++) {
				if (this.submitted) {
					this.futures.add(this.narrow.submit(() -> {
						await();
						return "done";
					}));
				}
				else {
					this.narrow.execute(this::await);
				}
			}
		}

		void await() {
			try {
				assertThat(this.ends.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
				this.ended.incrementAndGet();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		void end(int tasks) {
			this.ends.release(tasks);
		}

		int ended() {
			return this.ended.get();
		}

		Future<?> first() {
			return this.futures.element();
		}

		Future<?> last() {
			return this.futures.stream().reduce((one, other) -> other).orElseThrow();
		}

		StarvationIncident raised() throws InterruptedException {
			StarvationIncident incident = next();
			assertThat(incident.end()).isNull();
			return incident;
		}

		void cleared() throws InterruptedException {
			assertThat(next().end()).isNotNull();
		}

		private StarvationIncident next() throws InterruptedException {
			return Objects.requireNonNull(this.told.poll(10, TimeUnit.SECONDS), "no incident in time");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Plain {

		@Bean
		ThreadPoolTaskExecutor narrow() {
			return new ThreadPoolTaskExecutor();
		}

	}

	/**
	 * Each task in a span of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnSpans {

		@Bean
		ThreadPoolTaskExecutor narrow(Tracer tracer) {
			ThreadPoolTaskExecutor narrow = new ThreadPoolTaskExecutor();
			narrow.setTaskDecorator((task) -> () -> {
				Span span = tracer.nextSpan().name("task").start();
				try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
					task.run();
				}
				finally {
					span.end();
				}
			});
			return narrow;
		}

	}

	/**
	 * Each task in the span of its submitter.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Propagation {

		@Bean
		ThreadPoolTaskExecutor narrow() {
			ThreadPoolTaskExecutor narrow = new ThreadPoolTaskExecutor();
			narrow.setTaskDecorator(new ContextPropagatingTaskDecorator());
			return narrow;
		}

	}

}
