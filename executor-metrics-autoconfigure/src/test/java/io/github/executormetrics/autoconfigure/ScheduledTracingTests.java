// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.PeriodicTrigger;

import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scheduled runs and their traces.
 */
class ScheduledTracingTests {

	// the context of the submission was kept, and all periodic runs had one trace id
	@ParameterizedTest
	@CsvSource({ "ThreadPoolTaskScheduler,off", "ThreadPoolTaskScheduler,always", "SimpleAsyncTaskScheduler,off",
			"SimpleAsyncTaskScheduler,always", "SimpleAsyncTaskScheduler,child-only" })
	void runWhenScheduledMethodRepeatsThenEachRunHasTraceOfItsOwn(String scheduler, String spans) throws Exception {
		Class<?> type = Class.forName(TaskScheduler.class.getPackageName() + ".concurrent." + scheduler);
		Traces.with()
			.withPropertyValues("executor-metrics.tracing.spans=" + spans)
			.withBean("taskScheduler", type)
			.withUserConfiguration(Scheduling.class)
			.run((context) -> {
				Job job = context.getBean(Job.class);
				List<String> traces = List.of(job.next(), job.next(), job.next());
				assertThat(traces).doesNotHaveDuplicates().doesNotContain("none");
				assertThat(Runners.shown(context, "taskScheduler").coverage()).isEqualTo("tasks");
				assertThat(Runners.tasks(context, "taskScheduler").submitted()).isGreaterThanOrEqualTo(3);
				Traces.Spans exported = context.getBean(Traces.Spans.class);
				SpanData first = exported.next();
				if (spans.equals("always")) {
					// Boot's own is within that of the run; others may run meanwhile
					SpanData run = exported.next();
					while (!run.getSpanId().equals(first.getParentSpanId())) {
						run = exported.next();
					}
					assertThat(Traces.tag(run, "executor.name")).isEqualTo("taskScheduler");
					assertThat(run.getName()).isEqualTo("ScheduledTracingTests.Job.run");
					assertThat(run.getParentSpanContext().isValid()).isFalse();
				}
				else {
					assertThat(first.getParentSpanContext().isValid()).isFalse();
				}
			});
	}

	// all runs hung below the request that had once scheduled them
	@ParameterizedTest
	@MethodSource("schedules")
	void runWhenTaskRepeatsThenItIsNotInContextOfWhoScheduledIt(Schedule schedule) {
		schedule.run(Traces.with(), (context) -> {
			BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
			try (Within within = new Within(context, "request", "blue")) {
				Future<?> runs = schedule.start(context.getBean("scheduler"), () -> seen.add(Seen.in(context)));
				for (int i = 0; i < 3; i++) {
					assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(Seen.NOTHING);
				}
				runs.cancel(false);
			}
		});
	}

	// one trace that never ended
	@ParameterizedTest
	@MethodSource("schedules")
	void runWhenTaskRepeatsAndHasSpansThenEachRunHasTraceOfItsOwn(Schedule schedule) {
		schedule.run(Traces.with().withPropertyValues("executor-metrics.tracing.spans=always"), (context) -> {
			BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
			Seen request;
			Set<String> traces = new HashSet<>();
			try (Within within = new Within(context, "request", "blue")) {
				request = Seen.in(context);
				Future<?> runs = schedule.start(context.getBean("scheduler"), () -> seen.add(Seen.in(context)));
				for (int i = 0; i < 3; i++) {
					Seen run = seen.poll(10, TimeUnit.SECONDS);
					assertThat(run).isNotNull();
					assertThat(run.tenant()).isNull();
					assertThat(run.mdcTrace()).isEqualTo(run.trace());
					traces.add(run.trace());
				}
				runs.cancel(false);
			}
			assertThat(traces).hasSize(3).doesNotContain(request.trace());
		});
	}

	// what reschedules itself at a pool that is metered looks like a task of one run
	@Test
	void runWhenAdapterReschedulesItAtMeteredPoolThenItIsNotInContextOfWhoScheduledIt() {
		Traces.with().withUserConfiguration(Adapted.class).run((context) -> {
			BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
			try (Within within = new Within(context, "request", "blue")) {
				context.getBean(ConcurrentTaskScheduler.class)
					.schedule(() -> seen.add(Seen.in(context)), new PeriodicTrigger(Duration.ofMillis(5)));
				for (int i = 0; i < 3; i++) {
					assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(Seen.NOTHING);
				}
			}
			assertThat(Runners.tasks(context, "pool").submitted()).isGreaterThanOrEqualTo(3);
		});
	}

	static List<Schedule> schedules() {
		List<Schedule> schedules = new ArrayList<>();
		for (Rhythm rhythm : Rhythm.values()) {
			for (Class<?> type : List.of(ThreadPoolTaskScheduler.class, SimpleAsyncTaskScheduler.class,
					ConcurrentTaskScheduler.class)) {
				schedules.add(new Schedule(type, rhythm));
			}
			if (rhythm != Rhythm.TRIGGER) {
				schedules.add(new Schedule(ScheduledThreadPoolExecutor.class, rhythm));
				schedules.add(new Schedule(ScheduledExecutorService.class, rhythm));
			}
		}
		return schedules;
	}

	enum Rhythm {

		RATE, DELAY, TRIGGER

	}

	/**
	 * A schedule of a kind of scheduler.
	 *
	 * @param type the scheduler's type
	 * @param rhythm when it runs
	 */
	record Schedule(Class<?> type, Rhythm rhythm) {

		@SuppressWarnings("unchecked")
		void run(ApplicationContextRunner runner, ContextConsumer<AssertableApplicationContext> consumer) {
			runner
				.withBean("scheduler", (Class<Object>) this.type, this::create,
						(definition) -> ((AbstractBeanDefinition) definition)
							.setDestroyMethodName(AbstractBeanDefinition.INFER_METHOD))
				.run(consumer);
		}

		private Object create() {
			if (this.type == ThreadPoolTaskScheduler.class) {
				return new ThreadPoolTaskScheduler();
			}
			if (this.type == SimpleAsyncTaskScheduler.class) {
				return new SimpleAsyncTaskScheduler();
			}
			if (this.type == ConcurrentTaskScheduler.class) {
				return new ConcurrentTaskScheduler(Executors.newSingleThreadScheduledExecutor((task) -> {
					Thread thread = new Thread(task);
					thread.setDaemon(true);
					return thread;
				}));
			}
			return (this.type == ScheduledExecutorService.class) ? Executors.newSingleThreadScheduledExecutor()
					: new ScheduledThreadPoolExecutor(1);
		}

		Future<?> start(Object scheduler, Runnable task) {
			Duration period = Duration.ofMillis(5);
			if (scheduler instanceof ScheduledExecutorService service) {
				return (this.rhythm == Rhythm.RATE)
						? service.scheduleAtFixedRate(task, 0, period.toMillis(), TimeUnit.MILLISECONDS)
						: service.scheduleWithFixedDelay(task, 0, period.toMillis(), TimeUnit.MILLISECONDS);
			}
			TaskScheduler tasks = (TaskScheduler) scheduler;
			return switch (this.rhythm) {
				case RATE -> tasks.scheduleAtFixedRate(task, period);
				case DELAY -> tasks.scheduleWithFixedDelay(task, period);
				case TRIGGER -> tasks.schedule(task, new PeriodicTrigger(period));
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Adapted {

		@Bean(destroyMethod = "shutdownNow")
		ScheduledExecutorService pool() {
			return Executors.newSingleThreadScheduledExecutor();
		}

		@Bean
		ConcurrentTaskScheduler scheduler(ScheduledExecutorService pool) {
			return new ConcurrentTaskScheduler(pool);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

		@Bean
		Job job(Tracer tracer) {
			return new Job(tracer);
		}

	}

	static class Job {

		private final Tracer tracer;

		private final BlockingQueue<String> traces = new LinkedBlockingQueue<>();

		Job(Tracer tracer) {
			this.tracer = tracer;
		}

		@Scheduled(fixedRate = 10)
		void run() {
			Span span = this.tracer.currentSpan();
			this.traces.add((span != null) ? span.context().traceId() : "none");
		}

		String next() throws InterruptedException {
			String next = this.traces.poll(10, TimeUnit.SECONDS);
			return (next != null) ? next : "none in time";
		}

	}

}
