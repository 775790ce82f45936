// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.meters.ExecutorMeter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What Prometheus gets.
 */
@ExtendWith(OutputCaptureExtension.class)
class PrometheusScrapeTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(Runners.TASKS)
		.withConfiguration(AutoConfigurations.of(PrometheusMetricsExportAutoConfiguration.class))
		.withUserConfiguration(Executors.class)
		.withPropertyValues("executor-metrics.tasks.sampling=1");

	// tag sets differed from executor to executor, and Prometheus refused the second
	@Test
	void scrapeWhenThereAreExecutorsOfEveryKindThenNoFamilyIsDuplicateOrRefused(CapturedOutput output) {
		this.runner.run((context) -> {
			use(context);
			// those by name come with a look of the watch
			await().untilAsserted(() -> assertThat(families(context)).contains("executor_task_by_name_errors_total"));
			List<String> families = families(context);
			assertThat(families).doesNotHaveDuplicates();
			Stream.of(ExecutorMeter.values())
				// nothing runs on virtual threads here
				.filter((meter) -> meter != ExecutorMeter.TASK_PINNED)
				.map((meter) -> meter.meterName().replace('.', '_'))
				.forEach((name) -> assertThat(families).as(name).anyMatch((family) -> family.startsWith(name)));
			assertThat(families).contains("executor_active_threads", "executor_pool_size_threads");
		});
		assertThat(output).doesNotContain("registration has failed").doesNotContain("same set of tag keys");
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// the same, told by the labels: later versions of Prometheus' client take what they
	// refused, and queries then add up what does not belong together
	@Test
	void scrapeWhenThereAreExecutorsOfEveryKindThenAllOfAFamilyHaveSameLabels() {
		this.runner.run((context) -> {
			use(context);
			Map<String, Set<String>> labels = new TreeMap<>();
			scrape(context).lines()
				.filter((line) -> line.startsWith("executor_"))
				.forEach((line) -> labels.computeIfAbsent(line.replaceAll("[{ ].*", ""), (family) -> new TreeSet<>())
					.add(line.replaceAll("\"[^\"]*\"", "").replaceAll("} .*", "}")));
			assertThat(labels).isNotEmpty();
			labels.forEach((family, sets) -> assertThat(sets).as(family).hasSize(1));
		});
	}

	// two pools came out under one name
	@Test
	void scrapeWhenThereAreTwoPoolsThenTheirCountsStayApart() {
		this.runner.run((context) -> {
			Runners.run(context.getBean("first", Executor.class), () -> "done");
			Runners.run(context.getBean("second", Executor.class), () -> "done");
			Runners.run(context.getBean("second", Executor.class), () -> "done");
			await().untilAsserted(() -> assertThat(scrape(context)).contains(
					"executor_task_submitted_total{application=\"tests\",name=\"first\"} 1.0",
					"executor_task_submitted_total{application=\"tests\",name=\"second\"} 2.0"));
		});
	}

	private static void use(BeanFactory context) throws Exception {
		ThreadPoolTaskExecutor first = context.getBean("first", ThreadPoolTaskExecutor.class);
		for (String name : new String[] { "first", "second", "scheduler", "simple", "forkJoin", "late" }) {
			Runners.run(context.getBean(name, Executor.class), () -> "done");
		}
		first.submit(() -> {
			throw new IllegalStateException("expected");
		});
		first.shutdown();
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> first.execute(() -> {
		}));
	}

	private static List<String> families(BeanFactory context) {
		return scrape(context).lines()
			.filter((line) -> line.startsWith("# TYPE "))
			.map((line) -> line.split(" ")[2])
			.toList();
	}

	private static String scrape(BeanFactory context) {
		return context.getBean(PrometheusMeterRegistry.class).scrape();
	}

	@Configuration(proxyBeanMethods = false)
	static class Executors {

		@Bean
		MeterRegistryCustomizer<PrometheusMeterRegistry> commonTags() {
			return (registry) -> registry.config().commonTags(Tags.of("application", "tests"));
		}

		@Bean
		ThreadPoolTaskExecutor first() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		ThreadPoolTaskExecutor second() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		ThreadPoolTaskScheduler scheduler() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		SimpleAsyncTaskExecutor simple() {
			return new SimpleAsyncTaskExecutor();
		}

		@Bean
		ForkJoinPool forkJoin() {
			return new ForkJoinPool(2);
		}

		@Bean
		@Lazy
		java.util.concurrent.ExecutorService late() {
			return java.util.concurrent.Executors.newSingleThreadExecutor();
		}

	}

}
