// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every test of this module check what it awaits each 10 ms. Awaitility's default is
 * 100 ms, before the first check as well, and the tests await thousands of times.
 */
public class AwaitilityDefaults implements BeforeAllCallback {

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
	}

}
