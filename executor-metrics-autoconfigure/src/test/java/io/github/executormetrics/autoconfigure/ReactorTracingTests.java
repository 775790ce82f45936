// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;
import io.github.executormetrics.decorate.Hold;

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

	// four of the five items were in the trace of the first request
	@ParameterizedTest
	@MethodSource("executors")
	void whenItemsAreEmittedWhileTheFirstIsHandledThenNoneIsInTraceOfTheFirstRequest(Executor executor) {
		this.runner
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBean("executor", Executor.class,
					() -> executor))
			.run((context) -> {
				Executor bean = context.getBean("executor", Executor.class);
				BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
				CountDownLatch hold = new CountDownLatch(1);
				Sinks.Many<Integer> sink = Sinks.many().unicast().onBackpressureBuffer();
				Disposable subscription = sink.asFlux().publishOn(Schedulers.fromExecutor(bean)).subscribe((item) -> {
					seen.add(Seen.in(context));
					Hold.until(hold);
				});
				for (int i = 0; i < 5; i++) {
					try (Within within = new Within(context, "request" + i, "tenant" + i)) {
						sink.tryEmitNext(i).orThrow();
					}
				}
				hold.countDown();
				for (int i = 0; i < 5; i++) {
					assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(Seen.NOTHING);
				}
				subscription.dispose();
				// what others submit is in theirs
				try (Within within = new Within(context, "request", "acme")) {
					Seen other = Runners.run(bean, () -> Seen.in(context));
					assertThat(other.trace()).isNotNull().isEqualTo(Seen.in(context).trace());
				}
			});
	}

	static List<Executor> executors() {
		return List.of(new ThreadPoolTaskExecutor(),
				new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()),
				Executors.newSingleThreadExecutor(), new ScheduledThreadPoolExecutor(1), new ForkJoinPool(1),
				(task) -> new Thread(task).start());
	}

	@Test
	void whenReactorSchedulesOnExecutorOfUserThenDelayedAndPeriodicTasksAreLeftToItAsWell() {
		this.runner.withBean("executor", ScheduledExecutorService.class, () -> Executors.newScheduledThreadPool(1))
			.run((context) -> {
				Scheduler scheduler = Schedulers
					.fromExecutorService(context.getBean("executor", ScheduledExecutorService.class));
				BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
				Disposable periodic;
				try (Within within = new Within(context, "request", "acme")) {
					scheduler.schedule(() -> seen.add(Seen.in(context)), 1, TimeUnit.MILLISECONDS);
					periodic = scheduler.schedulePeriodically(() -> seen.add(Seen.in(context)), 1, 1,
							TimeUnit.MILLISECONDS);
				}
				for (int i = 0; i < 5; i++) {
					assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(Seen.NOTHING);
				}
				periodic.dispose();
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
