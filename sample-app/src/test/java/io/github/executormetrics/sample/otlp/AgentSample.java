// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;

import io.github.executormetrics.sample.SampleApplication;

/**
 * The sample with the OpenTelemetry of the Java agent as its own. Not a configuration
 * class: the sample's component scan would find it.
 */
public class AgentSample {

	/**
	 * Start the order service.
	 * @param args the arguments of Spring Boot
	 */
	public static void main(String[] args) {
		SpringApplication.run(new Class<?>[] { SampleApplication.class, AgentSample.class }, args);
	}

	@Bean
	OpenTelemetry openTelemetry() {
		return GlobalOpenTelemetry.get();
	}

}
