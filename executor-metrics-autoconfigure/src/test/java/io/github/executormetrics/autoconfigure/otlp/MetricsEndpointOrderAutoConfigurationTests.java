// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.actuate.endpoint.MetricsEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsEndpointAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MetricsEndpointOrderAutoConfiguration}.
 */
class MetricsEndpointOrderAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MetricsEndpointOrderAutoConfiguration.class,
				SimpleRegistryAutoConfiguration.class, QuietOtlpAutoConfiguration.class, MetricsAutoConfiguration.class,
				EndpointAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class, OtlpMetricsExportAutoConfiguration.class,
				MetricsEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=metrics");

	private final ApplicationContextRunner prometheus = this.runner
		.withConfiguration(AutoConfigurations.of(PrometheusMetricsExportAutoConfiguration.class));

	// milliseconds at every second start: a set by identity has the order of chance
	@RepeatedTest(5)
	void whenPrometheusStandsBesideOtlpThenUnitIsSeconds() {
		this.prometheus.run((context) -> assertThat(
				unit(context.getBean(MeterRegistry.class), context.getBean(MetricsEndpoint.class)))
			.isEqualTo("seconds"));
	}

	@RepeatedTest(5)
	void whenUserConfiguredOtlpBesidePrometheusThenUnitIsSeconds() {
		this.prometheus
			.withPropertyValues("management.otlp.metrics.export.url=http://localhost:1/v1/metrics",
					"management.otlp.metrics.export.step=1d")
			.run((context) -> assertThat(
					unit(context.getBean(MeterRegistry.class), context.getBean(MetricsEndpoint.class)))
				.isEqualTo("seconds"));
	}

	@Test
	void whenNothingIsConfiguredThenUnitIsSeconds() {
		this.runner.run((context) -> assertThat(
				unit(context.getBean(MeterRegistry.class), context.getBean(MetricsEndpoint.class)))
			.isEqualTo("seconds"));
	}

	@Test
	void whenUserConfiguredOtlpAloneThenUnitIsItsOwn() {
		this.runner.withPropertyValues("management.otlp.metrics.export.step=1d")
			.run((context) -> assertThat(
					unit(context.getBean(MeterRegistry.class), context.getBean(MetricsEndpoint.class)))
				.isEqualTo("milliseconds"));
	}

	@Test
	void whenMeterIsOnlyInOtlpThenItIsStillShown() {
		this.prometheus.run((context) -> {
			context.getBean(OtlpMeterRegistry.class).counter("only.here").increment();
			MetricsEndpoint endpoint = context.getBean(MetricsEndpoint.class);
			assertThat(endpoint.listNames().getNames()).contains("only.here");
			assertThat(endpoint.metric("only.here", null)).isNotNull();
		});
	}

	@Test
	void whenCompositeOfTheUsersHoldsAnotherAndIsAddedToLaterThenOtlpIsLast() {
		OtlpMeterRegistry otlp = OtlpMeterRegistry.builder(new OtlpConfig() {

			@Override
			public String get(String key) {
				return "otlp.enabled".equals(key) ? "false" : null;
			}

		}).build();
		CompositeMeterRegistry outer = new CompositeMeterRegistry();
		OtlpLast reading = new OtlpLast(outer);
		outer.add(new CompositeMeterRegistry(Clock.SYSTEM, List.of(otlp)));
		assertThat(reading.getRegistries()).containsExactly(otlp);
		List<MeterRegistry> expected = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			SimpleMeterRegistry simple = new SimpleMeterRegistry(SimpleConfig.DEFAULT, Clock.SYSTEM);
			outer.add(simple);
			expected.add(simple);
		}
		assertThat(reading.getRegistries()).hasSize(21).containsAll(expected).endsWith(otlp);
	}

	@Test
	void whenUserHasEndpointOfHisOwnThenItStands() {
		MetricsEndpoint own = new MetricsEndpoint(new SimpleMeterRegistry());
		this.prometheus.withBean("own", MetricsEndpoint.class, () -> own)
			.run((context) -> assertThat(context).getBean(MetricsEndpoint.class).isSameAs(own));
	}

	@Test
	void whenEndpointIsNotExposedThenThereIsNone() {
		this.prometheus.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(MetricsEndpoint.class));
	}

	@Test
	void whenOtlpRegistryIsMissingThenEndpointIsBoots() {
		this.prometheus.withClassLoader(new FilteredClassLoader(OtlpConfig.class.getPackageName()))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(MetricsEndpointOrderAutoConfiguration.class)
				.hasSingleBean(MetricsEndpoint.class));
	}

	private static String unit(MeterRegistry registry, MetricsEndpoint endpoint) {
		registry.timer("own").record(Duration.ofSeconds(3));
		MetricsEndpoint.MetricDescriptor own = endpoint.metric("own", null);
		assertThat(own).isNotNull();
		return String.valueOf(own.getBaseUnit());
	}

}
