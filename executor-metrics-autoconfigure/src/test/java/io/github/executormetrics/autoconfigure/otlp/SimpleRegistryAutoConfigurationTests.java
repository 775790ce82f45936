// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.logging.LoggingMeterRegistry;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsConnectionDetails;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimpleRegistryAutoConfiguration}.
 */
class SimpleRegistryAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(SimpleRegistryAutoConfiguration.class, QuietOtlpAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class, OtlpMetricsExportAutoConfiguration.class));

	@Test
	void whenOtlpIsAloneAndNotConfiguredThenBootsRegistryStandsBesideIt() {
		this.runner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			registry.timer("own").record(Duration.ofSeconds(3));
			assertThat(
					context.getBean("simpleMeterRegistry", SimpleMeterRegistry.class).get("own").timer().baseTimeUnit())
				.isEqualTo(TimeUnit.SECONDS);
			assertThat(context.getBean(OtlpMeterRegistry.class).get("own").timer().count()).isEqualTo(1);
		});
	}

	// who had the registry before, and pushes to the default address, sees what he saw
	@Test
	void whenNotConfiguredThenUnitOverOtlpIsBoots() {
		this.runner.run((context) -> assertThat(context.getBean(OtlpConfig.class).baseTimeUnit())
			.isEqualTo(TimeUnit.MILLISECONDS));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.otlp.metrics.export.url=http://collector:4318/v1/metrics",
			"management.otlp.metrics.export.base-time-unit=milliseconds", "management.otlp.metrics.export.enabled=true",
			"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318",
			"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://collector:4318/v1/metrics",
			"management.simple.metrics.export.enabled=false" })
	void whenUserConfiguredThenOtlpIsAloneAsWithoutUs(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasSingleBean(MeterRegistry.class)
				.hasSingleBean(OtlpMeterRegistry.class));
	}

	@Test
	void whenSomethingOfOtlpIsBeanOfTheUsersThenOtlpIsAloneAsWithoutUs() {
		OtlpMetricsConnectionDetails details = () -> "http://localhost:32768/v1/metrics";
		OtlpMetricsSender sender = (request) -> {
		};
		OtlpConfig config = (key) -> null;
		assertOtlpIsAlone(this.runner.withBean(OtlpMetricsConnectionDetails.class, () -> details));
		assertOtlpIsAlone(this.runner.withBean(OtlpMetricsSender.class, () -> sender));
		assertOtlpIsAlone(this.runner.withBean(OtlpConfig.class, () -> config));
		assertOtlpIsAlone(this.runner.withBean("otlpMeterRegistry", OtlpMeterRegistry.class,
				() -> OtlpMeterRegistry.builder(config).metricsSender(sender).build()));
	}

	private static void assertOtlpIsAlone(ApplicationContextRunner runner) {
		runner.run((context) -> assertThat(context).hasSingleBean(MeterRegistry.class)
			.hasSingleBean(OtlpMeterRegistry.class));
	}

	@Test
	void whenThereIsAnotherRegistryThenBacksOff() {
		this.runner.withConfiguration(AutoConfigurations.of(PrometheusMetricsExportAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(SimpleMeterRegistry.class));
		this.runner.withBean(LoggingMeterRegistry.class)
			.run((context) -> assertThat(context).doesNotHaveBean(SimpleMeterRegistry.class));
	}

	@Test
	void whenOtlpIsOffThenBootGivesItsOwn() {
		this.runner.withPropertyValues("management.otlp.metrics.export.enabled=false")
			.run((context) -> assertThat(context).getBean(MeterRegistry.class)
				.isExactlyInstanceOf(SimpleMeterRegistry.class)
				.isSameAs(context.getBean("simpleMeterRegistry")));
	}

	@Test
	void whenLibraryIsDisabledThenMetersAreStillAsWithoutTheStarter() {
		this.runner.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(SimpleMeterRegistry.class));
	}

	@Test
	void whenBootsRegistryIsConfiguredThenThatHolds() {
		this.runner
			.withPropertyValues("management.simple.metrics.export.mode=step",
					"management.simple.metrics.export.step=7s")
			.run((context) -> {
				assertThat(context.getBean(SimpleConfig.class).mode()).isEqualTo(CountingMode.STEP);
				assertThat(context.getBean(SimpleConfig.class).step()).isEqualTo(Duration.ofSeconds(7));
			});
	}

	@Test
	void whenOtlpRegistryIsMissingThenBootGivesItsOwn() {
		this.runner.withClassLoader(new FilteredClassLoader(OtlpConfig.class.getPackageName()))
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(MeterRegistry.class)
				.isExactlyInstanceOf(SimpleMeterRegistry.class));
	}

}
