// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Runs the watch while the application runs. Starts first and stops last, and judges
 * nothing once the application closes.
 */
class ExecutorWatchLifecycle
		implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware {

	private final ExecutorWatch watch;

	private final boolean enabled;

	private @Nullable ApplicationContext applicationContext;

	ExecutorWatchLifecycle(ExecutorWatch watch, boolean enabled) {
		this.watch = watch;
		this.enabled = enabled;
	}

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.applicationContext = applicationContext;
	}

	@Override
	public void start() {
		if (this.enabled) {
			this.watch.start();
		}
	}

	@Override
	public void stop() {
		this.watch.stop();
	}

	@Override
	public boolean isRunning() {
		return this.watch.isRunning();
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.applicationContext) {
			this.watch.stopJudging();
		}
	}

}
