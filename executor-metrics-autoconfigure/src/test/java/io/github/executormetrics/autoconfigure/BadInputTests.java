// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings that make no sense stop the start; settings for nobody are told.
 */
@ExtendWith(OutputCaptureExtension.class)
class BadInputTests {

	private static final String PREFIX = "executor-metrics.";

	private final ApplicationContextRunner runner = Runners.with()
		.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new);

	// a negative limit was taken, and every executor starved for ever, or none did
	@ParameterizedTest
	@CsvSource({ "watch.interval,0s", "watch.interval,-1s", "watch.interval,1ms", "watch.window,500ms",
			"watch.grace,-1s", "watch.raise-after,0", "watch.raise-after,-1", "watch.clear-after,0", "log.interval,0s",
			"log.interval,-1m", "limits.mean-wait,0ms", "limits.mean-wait,-5ms", "limits.mean-run,0ms",
			"limits.active,0", "limits.active,-1", "limits.rejected,0", "limits.stall,0s", "limits.samples,-1",
			"executors.tasks.limits.mean-wait,-1ms", "executors.tasks.limits.mean-run,0s",
			"executors.tasks.limits.active,-3", "executors.tasks.limits.rejected,0", "executors.tasks.limits.stall,-1s",
			"executors.tasks.limits.samples,0", "tasks.max-names,0", "tasks.timing,0", "tasks.sampling,-1",
			"budget.run,-1s", "budget.cpu,0s", "budget.polls,0", "executors.tasks.budget.run,0s",
			"executors.tasks.budget.cpu,-1ms", "executors.tasks.budget.polls,-2", "tasks.budgets[Mail.send].cpu,0s",
			"tasks.budgets[Mail.send].polls,0" })
	void startWhenValueIsOutOfRangeThenFailsAndNamesPropertyAndValue(String property, String value) {
		this.runner.withPropertyValues(PREFIX + property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			InvalidConfigurationPropertyValueException root = find(context.getStartupFailure(),
					InvalidConfigurationPropertyValueException.class);
			assertThat(root.getName()).isEqualTo(PREFIX + property);
			assertThat(root.getValue())
				.hasToString(value.matches("-?\\d+") ? value : DurationStyle.detectAndParse(value).toString());
			assertThat(root.getReason()).contains("allowed");
		});
	}

	// 5 was meant as a percentage
	@ParameterizedTest
	@CsvSource({ "limits.dropped-share,5.0", "limits.dropped-share,-0.1", "limits.dropped-share,NaN",
			"executors.tasks.limits.dropped-share,1.01" })
	void startWhenShareIsOutOfRangeThenFailsAndNamesPropertyAndValue(String property, String value) {
		this.runner.withPropertyValues(PREFIX + property + "=" + value).run((context) -> {
			InvalidConfigurationPropertyValueException root = find(context.getStartupFailure(),
					InvalidConfigurationPropertyValueException.class);
			assertThat(root.getName()).isEqualTo(PREFIX + property);
			assertThat(root.getValue()).hasToString(value);
			assertThat(root.getReason()).contains("from 0 to 1");
		});
	}

	// what could not be read failed somewhere else, without the property's name
	@ParameterizedTest
	@CsvSource({ "watch.interval,soon", "watch.window,10 parsecs", "log.interval,daily", "limits.active,many",
			"limits.stall,x", "executors.tasks.limits.mean-wait,long", "executors.tasks.enabled,never",
			"tasks.max-names,many", "budget.cpu,much", "tasks.budgets[Mail.send].polls,few", "tracing.spans,sometimes",
			"tracing.propagate,perhaps" })
	void startWhenValueCannotBeReadThenFailsAndNamesPropertyAndValue(String property, String value) {
		this.runner.withPropertyValues(PREFIX + property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(causes(context.getStartupFailure())).filteredOn(BindException.class::isInstance)
				.map((ex) -> ((BindException) ex).getName().toString())
				.contains(PREFIX + property);
			assertThat(causes(context.getStartupFailure())).anyMatch((ex) -> String.valueOf(ex).contains(value));
		});
	}

	// a blank status would have been an empty line in the health
	@Test
	void startWhenStatusIsBlankThenFailsAndNamesProperty() {
		this.runner.withPropertyValues(PREFIX + "health.status=").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(find(context.getStartupFailure(), InvalidConfigurationPropertyValueException.class).getName())
				.isEqualTo(PREFIX + "health.status");
		});
	}

	// a misspelt bean name did nothing, and nobody was told
	@Test
	void startWhenOverrideIsForUnknownExecutorThenOneWarningListsTheOthers(CapturedOutput output) {
		this.runner.withConfiguration(Runners.TASKS)
			.withBean("other", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.withPropertyValues(PREFIX + "executors.taks.limits.stall=1s", PREFIX + "executors.nobody.enabled=false",
					PREFIX + "executors.tasks.limits.stall=2s")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(Runners.warnings(output)).singleElement()
			.satisfies((line) -> assertThat(line).contains("[nobody, taks]").contains("other").contains("tasks]"));
	}

	// the warning came for names that are right, too
	@Test
	void startWhenOverrideIsForExistingExecutorThenNoWarning(CapturedOutput output) {
		this.runner.withPropertyValues(PREFIX + "executors.tasks.limits.stall=2s")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(Runners.warnings(output)).isEmpty();
	}

	private static <T extends Throwable> T find(@Nullable Throwable failure, Class<T> type) {
		return causes(failure).stream()
			.filter(type::isInstance)
			.map(type::cast)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No " + type + " in", failure));
	}

	private static List<Throwable> causes(@Nullable Throwable failure) {
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

}
