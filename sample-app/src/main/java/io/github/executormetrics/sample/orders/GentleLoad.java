// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.stereotype.Component;

import io.github.executormetrics.sample.SampleProperties;

/**
 * Places orders from the start, on a thread of its own as clients would, so that there
 * are figures to look at.
 */
@Component
class GentleLoad implements SmartLifecycle, Runnable {

	private final OrderService orders;

	private final SampleProperties properties;

	private volatile @Nullable Thread thread;

	GentleLoad(OrderService orders, SampleProperties properties) {
		this.orders = orders;
		this.properties = properties;
	}

	@Override
	public void run() {
		while (this.thread == Thread.currentThread()) {
			try {
				this.orders.place();
			}
			catch (TaskRejectedException ex) {
				// a client would come again
			}
			LockSupport.parkNanos(this.properties.load().toNanos());
		}
	}

	@Override
	public void start() {
		Thread thread = new Thread(this, "clients");
		thread.setDaemon(true);
		this.thread = thread;
		thread.start();
	}

	@Override
	public void stop() {
		Thread stopped = this.thread;
		this.thread = null;
		LockSupport.unpark(stopped);
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

}
