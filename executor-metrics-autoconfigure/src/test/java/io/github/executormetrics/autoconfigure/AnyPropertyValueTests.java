// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.util.ReflectionTestUtils;
import tools.jackson.databind.json.JsonMapper;

import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever is set, the application starts and its executors are watched, or it fails with
 * the property, the value and what is allowed; what is not known is told.
 */
@ExtendWith(OutputCaptureExtension.class)
class AnyPropertyValueTests {

	private static final String PREFIX = ExecutorMetricsProperties.PREFIX + ".";

	private static final String SECONDS_AT_MOST = "PT2562047788015215H30M7.999999999S";

	private static final List<String> VALUES = List.of("", "abc", "true", "yes", "ON", "0", "-1", "1", "7",
			"2147483647", "2147483648", "9223372036854775807", "1.5", "NaN", "0s", "-1s", "-0s", "1ns", "10ms", "1h",
			"292y", "200000d", "-200000d", "9223372036854775807d", "9223372036854775807s", "-9223372036854775808ns",
			SECONDS_AT_MOST, "PT-2562047788015215H-30M-8S", "P1Y", "never", "infinite", "*", "a.b,c", "${nothing:}");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ExecutorMetricsAutoConfiguration.class))
		.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new);

	/** All that is known, and the sections on the way there. */
	static Stream<String> properties() {
		return Stream
			.concat(known("executors.tasks.x").filter((known) -> !known.startsWith("tasks.budgets")),
					known("tasks.budgets[Mail.send].x").filter((known) -> known.startsWith("tasks.budgets[Mail.send]")))
			.flatMap((known) -> Stream.iterate(known, (path) -> !path.isEmpty(),
					(path) -> path.contains(".") ? path.replaceFirst("(\\[[^]]*]|\\.[^.\\[]*)$", "") : ""))
			.distinct()
			.sorted();
	}

	private static Stream<String> known(String key) {
		return KnownProperties.below(ConfigurationPropertyName.of(PREFIX + key)).stream();
	}

	@Test
	void whenAllAreTriedThenTheyAreThoseOfTheMetadata() throws IOException {
		try (InputStream metadata = Objects.requireNonNull(
				ExecutorMetricsProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
			assertThat(properties().toList()).containsAll(JsonMapper.shared()
				.readTree(metadata)
				.path("properties")
				.valueStream()
				.map((property) -> property.path("name").asString())
				.filter((name) -> name.startsWith(PREFIX))
				.map((name) -> name.substring(PREFIX.length()))
				.toList());
		}
	}

	// a third of the values, not the same one for each property
	@ParameterizedTest
	@MethodSource("properties")
	void whatIsSetWorksOrIsRefusedInWords(String property, CapturedOutput output) {
		int third = Math.floorMod(property.hashCode(), 3);
		assertWorksOrIsRefused(property,
				IntStream.range(0, VALUES.size()).filter((i) -> i % 3 == third).mapToObj(VALUES::get).toList(), output);
	}

	@ParameterizedTest
	@MethodSource("properties")
	@Tag("long")
	void whatIsSetWorksOrIsRefusedInWordsForAllValues(String property, CapturedOutput output) {
		assertWorksOrIsRefused(property, VALUES, output);
	}

	private void assertWorksOrIsRefused(String property, List<String> values, CapturedOutput output) {
		for (String value : values) {
			String name = PREFIX + property;
			int before = output.getAll().length();
			this.runner.withPropertyValues(name + "=" + value).run((context) -> {
				Throwable failure = context.getStartupFailure();
				if (failure == null) {
					look(context);
					assertThat(output.getAll().substring(before)).as("%s=%s", name, value)
						.doesNotContain("WARN", "ERROR");
				}
				else {
					assertThat(analysis(failure, name, value)).as("%s=%s", name, value)
						.isNotNull()
						.extracting(FailureAnalysis::getDescription)
						.satisfies((told) -> assertTells(told.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT),
								value.toLowerCase(Locale.ROOT)));
				}
			});
		}
	}

	private static void assertTells(String told, String name, String value) {
		assertThat(told).contains(name).contains("allowed");
		// an interval may be allowed and the window too short or too long for it
		if (!told.contains("the value 'pt10s' of the property 'executor-metrics.watch.window'")) {
			assertThat(told).contains("the value '" + value + "' of the property '" + name + "'");
		}
	}

	private static void look(ApplicationContext context) {
		context.getBeanProvider(ExecutorWatch.class).ifAvailable((watch) -> {
			long ticks = watch.ticks();
			for (int i = 0; i < 3; i++) {
				ReflectionTestUtils.invokeMethod(watch, "tick");
			}
			assertThat(watch.ticks()).isGreaterThanOrEqualTo(ticks + 3);
		});
	}

	private static @Nullable FailureAnalysis analysis(Throwable failure, String name, String value) {
		Environment environment = new MockEnvironment().withProperty(name, value);
		return new ExecutorMetricsFailureAnalyzer(environment).analyze(failure);
	}

	// a limit that was to be never switched all judging off
	@ParameterizedTest
	@CsvSource({ "limits.stuck,200000d", "limits.stuck," + SECONDS_AT_MOST, "limits.mean-wait,200000d",
			"limits.mean-run,106751991167d", "log.interval," + SECONDS_AT_MOST, "log.interval,200000d",
			"budget.run,200000d", "budget.cpu," + SECONDS_AT_MOST, "executors.tasks.limits.stuck,200000d",
			"executors.tasks.limits.mean-wait," + SECONDS_AT_MOST, "executors.tasks.budget.run,200000d",
			"tasks.budgets[Hold].run,200000d", "limits.active,2147483647", "limits.samples,2147483647",
			"tasks.max-names,2147483647", "tasks.timing,2147483647", "tasks.sampling,2147483647" })
	void whenALimitIsNeverThenTheOthersHold(String property, String value) {
		this.runner
			.withPropertyValues(PREFIX + "watch.interval=20ms", PREFIX + "watch.grace=0s",
					PREFIX + "watch.window=100ms", PREFIX + "watch.raise-after=1", PREFIX + "limits.stall=50ms",
					PREFIX + property + "=" + value)
			.run((context) -> {
				ThreadPoolTaskExecutor tasks = context.getBean(ThreadPoolTaskExecutor.class);
				try (Hold hold = Hold.on(tasks)) {
					tasks.execute(() -> {
					});
					await().untilAsserted(() -> assertThat(verdict(context)).isEqualTo("STALLED"));
				}
			});
	}

	private static String verdict(ApplicationContext context) {
		return context.getBean(ExecutorWatch.class)
			.verdict(Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("tasks")));
	}

	@Test
	void whenADurationIsLongerThanAnyClockThenItIsAHundredYears() {
		this.runner.withPropertyValues(PREFIX + "limits.stuck=200000d")
			.run((context) -> assertThat(context.getBean(ExecutorMetricsProperties.class).limits().stuck())
				.isEqualTo(Duration.ofDays(36_500)));
	}

	// abc and yes switched all off without a word
	@ParameterizedTest
	@ValueSource(strings = { "yes", "on", "1", "TRUE" })
	void whenSpringReadsItAsYesThenExecutorsAreMetered(String value) {
		this.runner.withPropertyValues(PREFIX + "enabled=" + value)
			.run((context) -> assertThat(context).hasSingleBean(ExecutorWatch.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "no", "off", "0", "False" })
	void whenSpringReadsItAsNoThenNoneIs(String value) {
		this.runner.withPropertyValues(PREFIX + "enabled=" + value)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ExecutorWatch.class));
	}

	@ParameterizedTest
	@CsvSource({ "limits.activ=3,limits.active", "limits.meanwaits=1s,limits.mean-wait", "stuck=1s,limits.stuck",
			"watch.intervall=1s,watch.interval", "task.sampling=3,tasks.sampling",
			"executors.tasks.limits.stal=3s,executors.tasks.limits.stall",
			"executors.tasks.enable=false,executors.tasks.enabled", "limits.active.most=3,limits.active",
			"tasks.budgets[Mail.send].cpus=1s,tasks.budgets[Mail.send].cpu", "traces.spans=off,tracing.spans",
			"exclud=a*,exclude", "executors.my.pool.limits.active=3,executors[my.pool].limits.active",
			"tasks.budgets.Mail.send.cpu=1s,tasks.budgets[Mail.send].cpu", "sources.webserve=false,sources.web-server",
			"limits[activ]=3,limits.active", "limits[0]=3,limits.stall", "limits.stall[0]=9s,limits.stall",
			"executors.tasks[enable]=false,executors.tasks.enabled", "exclude.foo=b,exclude" })
	void whenAKeyIsNotKnownThenOneWarningSuggestsTheNearest(String setting, String nearest, CapturedOutput output) {
		this.runner.withPropertyValues(PREFIX + setting).run((context) -> assertThat(context).hasNotFailed());
		assertThat(Runners.warnings(output)).singleElement()
			.satisfies((line) -> assertThat(line).contains("is unknown and has no effect")
				.containsIgnoringCase("The property '" + PREFIX + setting.substring(0, setting.indexOf('=')) + "'")
				.contains("'" + PREFIX + nearest + "'?"));
	}

	// half of the variables with an underscore for the dash are read, and half were not,
	// in silence
	@ParameterizedTest
	@CsvSource({ "EXECUTORMETRICS_LIMITS_ACTIV,EXECUTORMETRICS_LIMITS_ACTIVE",
			"EXECUTOR_METRICS_LIMITS_ACTIV,EXECUTORMETRICS_LIMITS_ACTIVE",
			"EXECUTOR_METRICS_LIMITS_MEANWAIT,EXECUTORMETRICS_LIMITS_MEANWAIT",
			"EXECUTOR_METRICS_EXECUTORS_TASKS_ENABLED,EXECUTORMETRICS_EXECUTORS_TASKS_ENABLED",
			"EXECUTORMETRICS_LIMITS_STALL_0,EXECUTORMETRICS_LIMITS_STALL",
			"EXECUTORMETRICS_EXECUTORS_MY_POOL_LIMITS_ACTIVE,EXECUTORMETRICS_EXECUTORS_MYPOOL_LIMITS_ACTIVE",
			"EXECUTORMETRICS_EXECUTORS_POOL_1_LIMITS_ACTIVE,EXECUTORMETRICS_EXECUTORS_POOL1_LIMITS_ACTIVE" })
	void whenAVariableIsNotReadThenOneWarningSuggestsTheNearest(String variable, String nearest,
			CapturedOutput output) {
		this.runner.withInitializer(variables(Map.of(variable, "1s")))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(Runners.warnings(output)).filteredOn((line) -> line.contains("is unknown"))
			.singleElement()
			.satisfies((line) -> assertThat(line).contains(variable).contains("'" + nearest + "'?"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "exclude[1]=a", "exclude[0]=a;exclude[2]=b", "exclude[0].foo=b", "exclude[foo]=b" })
	void whenAListHasAGapThenItIsRefusedOrTold(String settings, CapturedOutput output) {
		String[] values = Stream.of(settings.split(";")).map((setting) -> PREFIX + setting).toArray(String[]::new);
		this.runner.withPropertyValues(values).run((context) -> {
			Throwable failure = context.getStartupFailure();
			if (failure != null) {
				assertThat(new ExecutorMetricsFailureAnalyzer(new MockEnvironment()).analyze(failure)).isNotNull()
					.extracting(FailureAnalysis::getDescription)
					.asString()
					.contains(PREFIX + "exclude[")
					.contains("starts at [0]");
			}
			else {
				assertThat(output).contains("is unknown and has no effect");
			}
		});
	}

	@Test
	void whenAPlaceholderIsCircularThenBootTellsOfIt() {
		this.runner.withPropertyValues(PREFIX + "limits.active=${" + PREFIX + "limits.active}")
			.run((context) -> assertThat(new ExecutorMetricsFailureAnalyzer(new MockEnvironment())
				.analyze(Objects.requireNonNull(context.getStartupFailure()))).isNull());
	}

	@Test
	void whenAPlaceholderOfASectionIsEmptyThenTheDefaultsHold() {
		this.runner.withPropertyValues(PREFIX + "health=${nothing:}", PREFIX + "executors=${nothing:}")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> variables(
			Map<String, Object> variables) {
		return (context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables));
	}

	@Test
	void whenAKeyIsNotKnownThenTheOthersHold() {
		this.runner
			.withPropertyValues(PREFIX + "limits.activ=3", PREFIX + "limits.active=4",
					PREFIX + "executors.tasks.limits.active=5")
			.run((context) -> {
				ExecutorMetricsProperties properties = context.getBean(EarlyProperties.class).get();
				assertThat(properties.limits().active()).isEqualTo(4);
				assertThat(properties.executors()).hasEntrySatisfying("tasks",
						(own) -> assertThat(own.limits().active()).isEqualTo(5));
			});
	}

	@Test
	void whenAllIsKnownThenNothingIsTold(CapturedOutput output) {
		this.runner
			.withPropertyValues(PREFIX + "exclude[0]=a", PREFIX + "exclude[1]=b",
					PREFIX + "executors.tasks.limits.mean-wait=1s", PREFIX + "tasks.budgets[Mail.send].cpu=1s")
			.withSystemProperties("executorMetrics.limits.meanRun=1s", "executor.metrics.limits.active=1")
			.withInitializer(variables(Map.of("EXECUTORMETRICS_LIMITS_MEANWAIT", "2s", "EXECUTOR_METRICS_SERVICE_HOST",
					"10.0.0.1", "EXECUTORMETRICS_EXECUTORS_TASKS_LIMITS_STUCK", "90s",
					"EXECUTOR_METRICS_LIMITS_MEAN_RUN", "3s", "EXECUTORMETRICS_EXCLUDE_0", "a")))
			.run((context) -> assertThat(context.getBean(EarlyProperties.class).get().limits().meanWait())
				.isEqualTo(Duration.ofSeconds(2)));
		assertThat(Runners.warnings(output)).isEmpty();
	}

}
