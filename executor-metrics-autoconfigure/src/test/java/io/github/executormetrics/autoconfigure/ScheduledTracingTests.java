package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scheduled runs and their traces.
 */
class ScheduledTracingTests {

	// the context of the submission was kept, and all periodic runs had one trace id
	@ParameterizedTest
	@ValueSource(classes = { ThreadPoolTaskScheduler.class, SimpleAsyncTaskScheduler.class })
	void runWhenScheduledMethodRepeatsThenEachRunHasTraceOfItsOwn(Class<? extends TaskScheduler> scheduler) {
		Runners.with()
			.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
					ScheduledTasksObservationAutoConfiguration.class, OpenTelemetrySdkAutoConfiguration.class,
					OpenTelemetryTracingAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
			.withPropertyValues("management.tracing.sampling.probability=1")
			.withBean("taskScheduler", scheduler)
			.withUserConfiguration(Scheduling.class)
			.run((context) -> {
				Job job = context.getBean(Job.class);
				List<String> traces = List.of(job.next(), job.next(), job.next());
				assertThat(traces).doesNotHaveDuplicates().doesNotContain("none");
				assertThat(Runners.shown(context, "taskScheduler").coverage()).isEqualTo("tasks");
				assertThat(Runners.tasks(context, "taskScheduler").submitted()).isGreaterThanOrEqualTo(3);
			});
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
