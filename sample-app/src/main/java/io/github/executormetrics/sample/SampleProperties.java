// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the order service.
 *
 * @param load time between two orders that the application places by itself
 * @param trouble duration of a scenario
 */
@ConfigurationProperties("sample")
public record SampleProperties(@DefaultValue("100ms") Duration load, @DefaultValue("20s") Duration trouble) {

}
