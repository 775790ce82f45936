// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the starter changes no meter that is not its own where the application has
 * Prometheus.
 */
class StarterBesidePrometheusTests {

	// which of the two registries answered was a matter of chance
	@Test
	void whenApplicationHasPrometheusThenMetersAreAsWithout() throws Exception {
		Run before = Unchanged.run(Unchanged.WITHOUT);
		Run after = Unchanged.run(Unchanged.NEIGHBOURS);
		Unchanged.assertMetersAreThoseOf(before, after);
		assertThat(Unchanged.meters(after).get("http.server.requests")).contains("\"baseUnit\":\"seconds\"");
		assertThat(Unchanged.scrape(before)).anyMatch((line) -> line.startsWith("own_timer_seconds_sum{kind=\"a\"} 8"));
		assertThat(Unchanged.scrape(after)).isEqualTo(Unchanged.scrape(before));
		Unchanged.assertClosesWithoutWarning(before, after);
	}

}
