// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.prometheus;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of the alert rules with Prometheus's own checker.
 */
class AlertRulesTests {

	@TempDir
	private Path directory;

	@Test
	void rulesAreValid() throws Exception {
		promtool("check", "rules", PrometheusServer.RULES.toString());
	}

	@Test
	void eachRuleFiresAndStaysSilent() throws Exception {
		promtool("test", "rules", PrometheusServer.RULES.resolveSibling("alerts-test.yml").toString());
	}

	private void promtool(String... arguments) throws Exception {
		Tool.required("promtool").run(this.directory.resolve("log"), PrometheusServer.RULES, arguments);
	}

}
