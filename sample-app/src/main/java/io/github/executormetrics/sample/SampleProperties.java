package io.github.executormetrics.sample;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the order service.
 *
 * @param load how often an order is placed by itself
 * @param trouble how long the trouble of a scenario lasts
 */
@ConfigurationProperties("sample")
public record SampleProperties(@DefaultValue("100ms") Duration load, @DefaultValue("20s") Duration trouble) {

}
