// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.ExecutorMetrics;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is set for single executors by environment variables, which cannot spell a name.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExecutorNamesTests {

	private static final String STUCK = "EXECUTORMETRICS_EXECUTORS_%s_LIMITS_STUCK=7s";

	private static final String ORDER_POOL = STUCK.formatted("ORDERPOOL");

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(AutoConfigurations.of(ProgrammaticExecutorsAutoConfiguration.class))
		.withConfiguration(Runners.TASKS);

	@Test
	void whenVariableNamesBeanOfBootsThenItsLimitsAreSet(CapturedOutput output) {
		run(this.runner, (context) -> {
			assertThat(stuck(context, "applicationTaskExecutor")).isEqualTo(7_000);
			assertThat(Runners.warnings(output)).isEmpty();
		}, STUCK.formatted("APPLICATIONTASKEXECUTOR"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "orderPool", "order-pool", "order_pool", "order.pool", "ORDER-Pool", "order/pool",
			"orderpool" })
	void whenNameCannotBeSpelledThenItsLettersAndDigitsCount(String name, CapturedOutput output) {
		run(with(name), (context) -> {
			assertThat(stuck(context, name)).isEqualTo(7_000);
			assertThat(Runners.warnings(output)).isEmpty();
		}, ORDER_POOL);
	}

	@Test
	void whenVariableSwitchesBeanOffThenItIsLeft(CapturedOutput output) {
		run(with("order-pool", "mailPool"), (context) -> {
			assertThat(context.getBean("order-pool")).hasSameClassAs(new ThreadPoolTaskExecutor());
			assertThat(Runners.shown(context, "order-pool").coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, "mailPool").coverage()).isEqualTo("tasks");
			assertThat(Runners.warnings(output)).isEmpty();
		}, "EXECUTORMETRICS_EXECUTORS_ORDERPOOL_ENABLED=false");
	}

	@Test
	void whenVariableSetsBudgetThenTasksAreHeldAgainstIt() {
		run(with("orderPool"), (context) -> {
			Runners.run(context.getBean("orderPool", Executor.class), () -> "done");
			assertThat(details(context, "orderPool").budget()).hasFieldOrPropertyWithValue("runMillis", 5L);
		}, "EXECUTORMETRICS_EXECUTORS_ORDERPOOL_BUDGET_RUN=5ms");
	}

	@Test
	void whenVariableNamesExecutorThatIsHandedInThenItIsReached(CapturedOutput output) {
		run(this.runner, (context) -> {
			ExecutorMetrics metrics = context.getBean(ExecutorMetrics.class);
			metrics.monitor((Executor) Runnable::run, "import-Jobs");
			Executor left = Runnable::run;
			assertThat(metrics.monitor(left, "nightly.mails")).isSameAs(left);
			assertThat(stuck(context, "import-Jobs")).isEqualTo(7_000);
			assertThat(Runners.shown(context, "nightly.mails").coverage()).isEqualTo("none");
		}, STUCK.formatted("IMPORTJOBS"), "EXECUTORMETRICS_EXECUTORS_NIGHTLYMAILS_ENABLED=false");
	}

	@Test
	void whenVariableAndFileSetDifferentThingsThenBothHold(CapturedOutput output) {
		run(with("orderPool").withPropertyValues("executor-metrics.executors.orderPool.limits.stuck=9s",
				"executor-metrics.executors.orderPool.limits.active=5"), (context) -> {
					assertThat(stuck(context, "orderPool")).isEqualTo(9_000);
					assertThat(details(context, "orderPool").limits().activeTasks()).isEqualTo(5);
					assertThat(details(context, "orderPool").limits().meanWaitMillis()).isEqualTo(3_000);
					assertThat(Runners.warnings(output)).isEmpty();
				}, "EXECUTORMETRICS_EXECUTORS_ORDERPOOL_LIMITS_MEANWAIT=3s");
	}

	@Test
	void whenKeyIsExactThenItWinsAndTheOtherIsTold(CapturedOutput output) {
		run(with("order.pool").withPropertyValues("executor-metrics.executors[order.pool].limits.stuck=9s"),
				(context) -> {
					assertThat(stuck(context, "order.pool")).isEqualTo(9_000);
					assertThat(Runners.warnings(output)).singleElement()
						.asString()
						.contains("executor-metrics.executors.orderpool applies to no executor", "[order.pool]");
				}, ORDER_POOL);
	}

	@Test
	void whenOneOfTwoNamesIsTheKeyThenItAloneIsReached(CapturedOutput output) {
		run(with("orderpool", "orderPool"), (context) -> {
			assertThat(stuck(context, "orderpool")).isEqualTo(7_000);
			assertThat(stuck(context, "orderPool")).isEqualTo(60_000);
			assertThat(Runners.warnings(output)).isEmpty();
		}, ORDER_POOL);
	}

	@Test
	void whenTwoNamesMatchThenNeitherIsReachedAndOneWarningListsBoth(CapturedOutput output) {
		run(with("order-pool", "orderPool"), (context) -> {
			assertThat(stuck(context, "order-pool")).isEqualTo(60_000);
			assertThat(stuck(context, "orderPool")).isEqualTo(60_000);
			assertThat(Runners.shown(context, "order-pool").coverage()).isEqualTo("tasks");
			assertThat(Runners.warnings(output)).singleElement()
				.asString()
				.contains("executor-metrics.executors.orderpool", "[order-pool, orderPool]", "applies to none");
		}, ORDER_POOL, "EXECUTORMETRICS_EXECUTORS_ORDERPOOL_ENABLED=false");
	}

	@Test
	void whenHandedInNameMatchesAsABeanDoesThenWarningListsBoth(CapturedOutput output) {
		run(with("order-pool").withBean("handing", Handing.class), (context) -> {
			assertThat(stuck(context, "order-pool")).isEqualTo(7_000);
			assertThat(Runners.warnings(output)).singleElement().asString().contains("[order-pool, orderPool]");
		}, ORDER_POOL);
	}

	@Test
	void whenBeanThatIsNoExecutorMatchesThenNameIsClear(CapturedOutput output) {
		run(with("orderPool").withBean("order-pool", String.class, () -> "a text"), (context) -> {
			assertThat(stuck(context, "orderPool")).isEqualTo(7_000);
			assertThat(Runners.warnings(output)).isEmpty();
		}, ORDER_POOL);
	}

	@Test
	void whenNoNameMatchesThenTold(CapturedOutput output) {
		run(with("orderPool"),
				(context) -> assertThat(Runners.warnings(output)).singleElement()
					.asString()
					.contains("has settings for [ordrepool]", "orderPool"),
				STUCK.formatted("ORDREPOOL"));
	}

	private ApplicationContextRunner with(String... names) {
		ApplicationContextRunner runner = this.runner;
		for (String name : names) {
			runner = runner.withBean(name, ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new);
		}
		return runner;
	}

	private static void run(ApplicationContextRunner runner, ContextConsumer<AssertableApplicationContext> consumer,
			String... variables) {
		Map<String, Object> environment = new HashMap<>();
		Arrays.stream(variables)
			.map((variable) -> variable.split("="))
			.forEach((pair) -> environment.put(pair[0], pair[1]));
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.replace(name, new SystemEnvironmentPropertySource(name, environment)))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				consumer.accept(context);
			});
	}

	private static ExecutorDetailsDescriptor details(BeanFactory context, String name) {
		return Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(name));
	}

	private static long stuck(BeanFactory context, String name) {
		return details(context, name).limits().stuckMillis();
	}

	static class Handing {

		Handing(ExecutorMetrics metrics) {
			metrics.monitor((Executor) Runnable::run, "orderPool");
		}

	}

}
