// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what the starter brings can be switched off.
 */
class StarterSwitchedOffTests {

	@Test
	void whenPushAndCorrelationAreSwitchedOffThenThereIsNeither() throws Exception {
		Run off = Unchanged.run(Unchanged.NEIGHBOURS.or(Run.PROMETHEUS),
				"--management.otlp.metrics.export.enabled=false", "--logging.expect-correlation-id=false");
		assertThat(off.output()).doesNotContain("Otlp", "OTLP", Unchanged.CORRELATION);
		assertThat(Unchanged.warnings(off)).isEmpty();
	}

}
