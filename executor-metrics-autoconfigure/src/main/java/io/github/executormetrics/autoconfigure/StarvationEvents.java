// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;

import io.github.executormetrics.ExecutorStarvationCleared;
import io.github.executormetrics.ExecutorStarvationRaised;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.SafeLog;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.IncidentListener;

/**
 * Publishes incidents as application events, on a thread of its own: a slow listener must
 * not blind the watch. The thread is there while there is something to publish.
 */
class StarvationEvents implements IncidentListener, SmartInitializingSingleton, DisposableBean {

	private static final SafeLog logger = new SafeLog(StarvationEvents.class);

	private static final int PENDING_AT_MOST = 1_000;

	private final ExecutorWatch watch;

	private final ApplicationEventPublisher publisher;

	private final boolean withStacks;

	private final ThreadPoolExecutor thread = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(PENDING_AT_MOST), StarvationEvents::thread);

	private volatile boolean dropped;

	/**
	 * Create a publisher of events.
	 * @param watch what finds the incidents
	 * @param publisher where to
	 * @param withStacks whether stacks are shown to anybody
	 */
	StarvationEvents(ExecutorWatch watch, ApplicationEventPublisher publisher, boolean withStacks) {
		this.watch = watch;
		this.withStacks = withStacks;
		this.publisher = publisher;
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "executor-metrics-events");
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.watch.onIncident(this);
	}

	@Override
	public void raised(StarvationIncident incident, MonitoredExecutor executor) {
		publish(new ExecutorStarvationRaised(shown(incident)), incident.executor());
	}

	@Override
	public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
		publish(new ExecutorStarvationCleared(shown(incident)), incident.executor());
	}

	private StarvationIncident shown(StarvationIncident incident) {
		return this.withStacks ? incident : incident.withoutStacks();
	}

	private void publish(Object event, String executor) {
		try {
			this.thread.execute(() -> tell(event, executor));
		}
		catch (RejectedExecutionException ex) {
			if (!this.dropped && !this.thread.isShutdown()) {
				this.dropped = true;
				// on the thread of the watch
				logger.warnLater("Starvation events are dropped: " + PENDING_AT_MOST
						+ " are pending, because a listener is too slow; further drops are not logged", null);
			}
		}
	}

	private void tell(Object event, String executor) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			// while it closes, it is interrupted and what it needs may be gone
			if (!this.thread.isShutdown()) {
				logger.warn(
						"A listener of " + event.getClass().getSimpleName() + " of executor '" + executor + "' failed",
						ex);
			}
		}
	}

	@Override
	public void destroy() {
		boolean interrupted = Thread.currentThread().isInterrupted();
		this.thread.shutdownNow();
		if (!interrupted) {
			// a listener that closes the application is not to be interrupted meanwhile
			Thread.interrupted();
		}
	}

}
