// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.awaitility.Awaitility;
import org.springframework.beans.factory.BeanFactory;

import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Waits for looks of the watch.
 */
final class Ticks {

	private Ticks() {
	}

	/**
	 * Wait until the watch has looked so often from now on.
	 */
	static void await(BeanFactory context, int ticks) {
		ExecutorWatch watch = context.getBean(ExecutorWatch.class);
		long seen = watch.ticks();
		Awaitility.await().until(() -> watch.ticks() >= seen + ticks);
	}

}
