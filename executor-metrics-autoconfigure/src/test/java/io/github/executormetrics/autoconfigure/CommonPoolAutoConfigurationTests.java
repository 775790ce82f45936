// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.ForkJoinPool;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The common pool among the executors of an application.
 */
@ExtendWith(OutputCaptureExtension.class)
class CommonPoolAutoConfigurationTests {

	private static final String NAME = "commonPool";

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(AutoConfigurations.of(CommonPoolAutoConfiguration.class));

	// what supplyAsync runs on was nowhere to be seen, or started for being looked at
	@Test
	void startWhenNothingIsSetThenShowsThePoolAndStartsNoThreadOfIt(CapturedOutput output) {
		int threads = ForkJoinPool.commonPool().getPoolSize();
		this.runner.run((context) -> {
			ExecutorDescriptor shown = Runners.shown(context, NAME);
			assertThat(shown.type()).isEqualTo(ForkJoinPool.class.getName());
			assertThat(shown.origin()).isEqualTo("jdk");
			assertThat(shown.coverage()).isEqualTo("state");
			assertThat(shown.coverageReason())
				.isEqualTo("CompletableFuture and parallel streams pass their tasks to it directly");
			assertThat(shown.workers()).isNotNull()
				.extracting(ExecutorDescriptor.WorkersDescriptor::limit)
				.isEqualTo(ForkJoinPool.getCommonPoolParallelism());
			assertThat(context.getBean(ExecutorsEndpoint.class).executor(NAME)).isNotNull()
				.satisfies((details) -> assertThat(details.forkJoin()).isNotNull());
			assertThat(meters(context.getBean(MeterRegistry.class))).contains("executor.worker.steals",
					"executor.worker.busy");
		});
		assertThat(ForkJoinPool.commonPool().getPoolSize()).isLessThanOrEqualTo(threads);
		assertThat(Runners.warnings(output)).isEmpty();
	}

	private static List<String> meters(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.filter((meter) -> NAME.equals(meter.getId().getTag("name")))
			.map((meter) -> meter.getId().getName())
			.toList();
	}

	@Test
	void startWhenInitializationIsLazyThenShowsThePool() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBean(ExecutorRegistry.class).find(NAME)).isNotNull());
	}

	@Test
	void startWhenTheSourceIsOffThenThePoolIsNotThere() {
		this.runner.withPropertyValues("executor-metrics.sources.common-pool=false")
			.run((context) -> assertThat(context.getBean(ExecutorRegistry.class).all()).isEmpty());
	}

	@Test
	void startWhenExcludedThenSaysSo() {
		this.runner.withPropertyValues("executor-metrics.exclude=common*").run((context) -> {
			assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("none");
			assertThat(meters(context.getBean(MeterRegistry.class))).isEmpty();
		});
	}

	@Test
	void startWhenSwitchedOffAsAWholeThenThereIsNothing() {
		this.runner.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CommonPoolAutoConfiguration.CommonPool.class));
	}

	// one pool stalled under two names
	@Test
	void startWhenABeanIsThePoolThenItGoesByTheNameOfTheBean() {
		this.runner.withBean("common", ForkJoinPool.class, ForkJoinPool::commonPool)
			.run((context) -> assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors())
				.containsOnlyKeys("common"));
	}

	// a bean of that name took the place of the pool, or the other way round
	@Test
	void startWhenABeanHasTheNameThenBothAreThere() {
		this.runner.withBean(NAME, ForkJoinPool.class, () -> new ForkJoinPool(1))
			.run((context) -> assertThat(context.getBean(ExecutorsEndpoint.class).executors().executors())
				.containsOnlyKeys(NAME, NAME + "-jdk"));
	}

	// the first context that closed took the pool from the other
	@Test
	void closeWhenTwoContextsAreThereThenEachTakesItsOwn() {
		SimpleMeterRegistry first = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> first).run((one) -> {
			ExecutorRegistry executors = one.getBean(ExecutorRegistry.class);
			this.runner.run((two) -> {
				ExecutorRegistry others = two.getBean(ExecutorRegistry.class);
				assertThat(others.find(NAME)).isNotNull();
				two.close();
				assertThat(others.all()).isEmpty();
			});
			assertThat(executors.find(NAME)).isNotNull();
			assertThat(meters(first)).isNotEmpty();
			one.close();
			assertThat(executors.all()).isEmpty();
		});
		assertThat(meters(first)).isEmpty();
	}

}
