// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests of what a user reads who gave a wrong value.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExecutorMetricsFailureAnalyzerTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					async.enabled                        | 2       | true or false is allowed
					watch.interval                       | 0s      | A positive duration such as 100ms or 5s is allowed
					watch.interval                       | 1ms     | A duration of at least 10ms is allowed
					watch.interval                       | soon    | A positive duration such as 100ms or 5s is allowed
					watch.window                         | 10ms    | A duration of at least executor-metrics.watch.interval (PT1S) and at most 3600 times as long is allowed
					watch.window                         | 2h      | A duration of at least executor-metrics.watch.interval (PT1S) and at most 3600 times as long is allowed
					enabled                              | abc     | true or false is allowed
					limits                               | 5       | No value is allowed here, only properties below it such as executor-metrics.limits.mean-wait
					health                               | DOWN    | No value is allowed here, only properties below it such as executor-metrics.health.status
					executors.orders                     | off     | No value is allowed here, only properties below it such as executor-metrics.executors.orders.enabled
					executors                            | none    | No value is allowed here, only properties below it such as executor-metrics.executors.name.enabled
					watch.grace                          | -1s     | Zero or a positive duration such as 10s is allowed
					watch.raise-after                    | 0       | A whole number of at least 1 is allowed
					watch.clear-after                    | -3      | A whole number of at least 1 is allowed
					watch.clear-after                    | few     | A whole number of at least 1 is allowed
					log.interval                         | 0s      | A positive duration such as 100ms or 5s is allowed
					log.interval                         | -1m     | A positive duration such as 100ms or 5s is allowed
					log.interval                         | daily   | A positive duration such as 100ms or 5s is allowed
					limits.mean-wait                     | -100ms  | A positive duration such as 100ms or 5s is allowed
					limits.mean-run                      | 0       | A positive duration such as 100ms or 5s is allowed
					limits.active                        | 0       | A whole number of at least 1 is allowed
					limits.active                        | 1.5     | A whole number of at least 1 is allowed
					limits.rejected                      | -1      | A whole number of at least 1 is allowed
					limits.stall                         | 5x      | A positive duration such as 100ms or 5s is allowed
					limits.samples                       | 0       | A whole number of at least 1 is allowed
					limits.dropped-share                 | 5       | A number from 0 to 1 is allowed
					limits.dropped-share                 | 5%      | A number from 0 to 1 is allowed
					executors.orders.limits.dropped-share | -1     | A number from 0 to 1 is allowed
					executors.orders.limits.mean-wait    | -1s     | A positive duration such as 100ms or 5s is allowed
					executors.mailExecutor.limits.active | 0       | A whole number of at least 1 is allowed
					executors.orders.limits.stall        | never   | A positive duration such as 100ms or 5s is allowed
					executors.orders.enabled             | maybe   | true or false is allowed
					tasks.max-names                      | 0       | A whole number of at least 1 is allowed
					tasks.timing                         | 0       | A whole number of at least 1 is allowed
					tasks.timing                         | some    | A whole number of at least 1 is allowed
					tasks.sampling                       | -1      | 0 (no sampling) or a positive whole number is allowed
					tasks.sampling                       | many    | 0 (no sampling) or a positive whole number is allowed
					tasks.budgets[Mail.send].cpu         | 0s      | A positive duration such as 100ms or 5s is allowed
					tasks.budgets[Mail.send].polls       | few     | A whole number of at least 1 is allowed
					budget.run                           | long    | A positive duration such as 100ms or 5s is allowed
					budget.polls                         | 0       | A whole number of at least 1 is allowed
					executors.orders.budget.cpu          | -1s     | A positive duration such as 100ms or 5s is allowed
					tracing.propagate                    | perhaps | true or false is allowed
					tracing.spans                        | some    | off, child-only or always is allowed
					""")
	void startFailsWithPropertyValueAndWhatIsAllowed(String property, String value, String allowed,
			CapturedOutput output) {
		String name = "executor-metrics." + property;
		assertThatException().isThrownBy(() -> start("--" + name + "=" + value));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.containsPattern("The value '%s' of the property '(?i:%s)' \\(from .+\\) is not allowed\\.".formatted(value,
					Pattern.quote(name)))
			.contains(allowed + ".")
			.containsPattern("Correct the value of '(?i:%s)', or remove it".formatted(Pattern.quote(name)));
	}

	@Test
	void whenStatusIsBlankThenStartFails(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--executor-metrics.health.status= "));
		assertThat(output).contains("of the property 'executor-metrics.health.status'")
			.contains("A status code such as STARVED is allowed");
	}

	@Test
	void whenAnotherPropertyIsWrongThenBootsAnalyzerTells(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--spring.task.execution.pool.core-size=x"));
		assertThat(output).contains("Failed to bind properties under 'spring.task.execution.pool.core-size'");
	}

	private static void start(String argument) {
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.config.name=none")
			.run(argument)
			.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, TaskExecutionAutoConfiguration.class })
	static class Application {

		@Bean
		ThreadPoolTaskExecutor orders(ThreadPoolTaskExecutorBuilder builder) {
			return builder.build();
		}

	}

}
