// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.annotation.InboundChannelAdapter;
import org.springframework.integration.annotation.Poller;
import org.springframework.integration.channel.NullChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Row: all pollers of Spring Integration had one name.
 */
class PollerNamesTests {

	@Test
	void whenChannelsArePolledThenEachPollerHasTheNameOfItsBean() {
		Runners.with().withUserConfiguration(Polled.class).run((context) -> {
			Awaitility.await()
				.untilAsserted(() -> assertThat(Runners.named(context, "taskScheduler")).containsKeys(
						"SourcePollingChannelAdapter(pollerNamesTests.Polled.orders.inboundChannelAdapter)",
						"SourcePollingChannelAdapter(pollerNamesTests.Polled.mails.inboundChannelAdapter)"));
			assertThat(Runners.named(context, "taskScheduler").keySet())
				.noneMatch((name) -> name.contains("AbstractPollingEndpoint"));
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableIntegration
	static class Polled {

		@Bean
		ThreadPoolTaskScheduler taskScheduler() {
			return new ThreadPoolTaskScheduler();
		}

		@Bean
		NullChannel out() {
			return new NullChannel();
		}

		@InboundChannelAdapter(channel = "out", poller = @Poller(fixedDelay = "10"))
		String orders() {
			return "order";
		}

		@InboundChannelAdapter(channel = "out", poller = @Poller(fixedDelay = "10"))
		String mails() {
			return "mail";
		}

	}

}
