// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsConnectionDetails;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QuietOtlpAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class QuietOtlpAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(QuietOtlpAutoConfiguration.class, MetricsAutoConfiguration.class,
				OtlpMetricsExportAutoConfiguration.class));

	@Test
	void whenNoEndpointIsConfiguredThenSenderIsQuietAndKeepsItsType() {
		this.runner.run((context) -> assertThat(context).getBean(OtlpHttpMetricsSender.class)
			.isInstanceOf(QuietOtlpMetricsSender.class)
			.isSameAs(context.getBean("otlpMetricsSender"))
			.isSameAs(context.getBean(OtlpMetricsSender.class)));
	}

	@Test
	void whenNobodyListensThenContextClosesWithoutWarning(CapturedOutput output) {
		this.runner.run((context) -> {
			context.getBean(OtlpMeterRegistry.class).counter("pushed").increment();
			context.getBean(OtlpMeterRegistry.class).close();
			assertThat(output.getAll().lines().filter((line) -> line.contains("No OTLP endpoint"))).hasSize(1);
			assertThat(output).doesNotContain("WARN", "\tat ", "Failed to publish");
		});
	}

	@Test
	void whenUrlIsConfiguredThenBootsOwnStands() {
		this.runner.withPropertyValues("management.otlp.metrics.export.url=http://localhost:4318/v1/metrics")
			.run((context) -> assertThat(context.getBean(OtlpMetricsSender.class))
				.isExactlyInstanceOf(OtlpHttpMetricsSender.class));
	}

	@Test
	void whenConnectionDetailsNameAnEndpointThenBootsOwnStands() {
		OtlpMetricsConnectionDetails details = () -> "http://localhost:32768/v1/metrics";
		this.runner.withBean(OtlpMetricsConnectionDetails.class, () -> details)
			.run((context) -> assertThat(context.getBean(OtlpMetricsSender.class))
				.isExactlyInstanceOf(OtlpHttpMetricsSender.class));
	}

	@Test
	void whenConnectionDetailsNameNoEndpointThenSenderIsQuiet() {
		OtlpMetricsConnectionDetails details = () -> null;
		this.runner.withBean(OtlpMetricsConnectionDetails.class, () -> details)
			.run((context) -> assertThat(context).getBean(OtlpMetricsSender.class)
				.isInstanceOf(QuietOtlpMetricsSender.class));
	}

	@Test
	void whenEnvironmentVariableNamesAnEndpointThenBootsOwnStands() {
		this.runner.withPropertyValues("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318")
			.run((context) -> assertThat(context.getBean(OtlpMetricsSender.class))
				.isExactlyInstanceOf(OtlpHttpMetricsSender.class));
		this.runner.withPropertyValues("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://localhost:4318/v1/metrics")
			.run((context) -> assertThat(context.getBean(OtlpMetricsSender.class))
				.isExactlyInstanceOf(OtlpHttpMetricsSender.class));
	}

	@Test
	void whenUserContributesSenderThenItStands() {
		OtlpMetricsSender sender = (request) -> {
		};
		this.runner.withBean(OtlpMetricsSender.class, () -> sender)
			.run((context) -> assertThat(context).getBean(OtlpMetricsSender.class).isSameAs(sender));
	}

	@Test
	void whenUserContributesSenderOfBootsTypeAndNameThenItStands() {
		this.runner.withUserConfiguration(UserSender.class)
			.run((context) -> assertThat(context).getBean("otlpMetricsSender")
				.isSameAs(context.getBean(UserSender.class).sender));
	}

	@Test
	void whenLibraryIsDisabledThenBootsOwnStands() {
		this.runner.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(QuietOtlpSenderPostProcessor.class)
				.getBean(OtlpMetricsSender.class)
				.isExactlyInstanceOf(OtlpHttpMetricsSender.class));
	}

	@Test
	void whenLibraryIsDisabledAtRunTimeOnlyThenBootsOwnStands() {
		// as after AOT processing, which has decided the conditions
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, OtlpMetricsExportAutoConfiguration.class))
			.withBean(QuietOtlpSenderPostProcessor.class)
			.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context.getBean(OtlpMetricsSender.class))
				.isExactlyInstanceOf(OtlpHttpMetricsSender.class));
	}

	@Test
	void whenExportIsDisabledThenThereIsNoSender() {
		this.runner.withPropertyValues("management.otlp.metrics.export.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OtlpMetricsSender.class));
	}

	@Test
	void whenOtlpRegistryIsMissingThenBacksOff() {
		this.runner.withClassLoader(new FilteredClassLoader(OtlpConfig.class.getPackageName()))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(QuietOtlpSenderPostProcessor.class));
	}

	@Test
	void whenLazilyInitializedThenSenderIsQuiet() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context).getBean(OtlpMetricsSender.class)
				.isInstanceOf(QuietOtlpMetricsSender.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class UserSender {

		private final OtlpHttpMetricsSender sender = new OtlpHttpMetricsSender((request) -> {
			throw new UnsupportedOperationException();
		});

		@Bean
		OtlpHttpMetricsSender otlpMetricsSender() {
			return this.sender;
		}

	}

}
