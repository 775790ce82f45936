// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.util.ClassUtils;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.PinnedTasks;
import io.github.executormetrics.monitor.VirtualThreadScheduler;
import io.github.executormetrics.task.VirtualThreads;

/**
 * Makes the JDK's scheduler of virtual threads known, and listens for tasks that were
 * pinned, while the application runs and the JDK has virtual threads.
 */
final class VirtualThreadSources
		implements SmartLifecycle, ApplicationListener<ContextRefreshedEvent>, ExecutorRegistry.Listener {

	static final String NAME = "virtualThreads";

	static final String THREAD = "executor-metrics-pinned";

	private static final String REASON = "the JDK reports how many virtual threads its scheduler runs and how many wait, "
			+ "but not which";

	private static final String TOO_OLD = "before JDK 24, the JDK reports nothing about its scheduler";

	private static final String JFR = "jdk.jfr.consumer.RecordingStream";

	private final ExecutorRegistry registry;

	private final NonBeanExecutors executors;

	private final ExecutorMetricsProperties properties;

	private final @Nullable ClassLoader classLoader;

	// of all starts, so that the count does not fall with the next
	private final PinnedTasks others = new PinnedTasks();

	private @Nullable MonitoredExecutor scheduler;

	private @Nullable PinnedEvents events;

	private @Nullable Thread thread;

	private boolean refreshed;

	private volatile boolean running;

	VirtualThreadSources(ExecutorRegistry registry, NonBeanExecutors executors, ExecutorMetricsProperties properties,
			@Nullable ClassLoader classLoader) {
		this.registry = registry;
		this.executors = executors;
		this.properties = properties;
		this.classLoader = classLoader;
	}

	@Override
	public synchronized void start() {
		if (this.running || !this.properties.enabled() || !this.properties.sources().virtualThreads()
				|| !VirtualThreads.areKnown()) {
			return;
		}
		start(VirtualThreadScheduler.find(this::started));
	}

	/**
	 * Start with what the JDK tells of its scheduler.
	 * @param state the state, or null where it tells nothing
	 */
	synchronized void start(@Nullable ExecutorState state) {
		this.running = true;
		this.scheduler = addScheduler(state);
		if (this.refreshed) {
			listen();
		}
	}

	/**
	 * Starts to listen: JFR takes half a second of CPU, which the start of the
	 * application needs itself.
	 */
	@Override
	public synchronized void onApplicationEvent(ContextRefreshedEvent event) {
		if (!this.refreshed) {
			this.refreshed = true;
			if (this.running) {
				listen();
			}
		}
	}

	private @Nullable MonitoredExecutor addScheduler(@Nullable ExecutorState state) {
		MonitoredExecutor scheduler = this.executors.add(NAME, Thread.class, ExecutorOrigin.JDK, state,
				(state != null) ? REASON : TOO_OLD);
		if (scheduler != null && isJfrThere() && this.properties.reasonToLeave(NAME) == null) {
			scheduler.pinnedOthers(this.others);
		}
		return scheduler;
	}

	private boolean isJfrThere() {
		return ClassUtils.isPresent(JFR, this.classLoader);
	}

	/**
	 * What started on virtual threads, as far as it is metered.
	 */
	private long started() {
		long started = 0;
		for (MonitoredExecutor executor : this.registry.all()) {
			if (executor.recorder().isOnVirtualThreads()) {
				started += executor.recorder().totals(System.nanoTime()).started();
			}
		}
		return started;
	}

	private void listen() {
		if (!isJfrThere()) {
			return;
		}
		this.registry.onEach(this);
		PinnedTaskFinder finder = new PinnedTaskFinder(this.registry, this.others);
		PinnedEvents events = new PinnedEvents(finder::pinned);
		Thread thread = new Thread(events, THREAD);
		thread.setDaemon(true);
		thread.start();
		this.events = events;
		this.thread = thread;
	}

	@Override
	public void added(MonitoredExecutor executor) {
		if (executor.origin() != ExecutorOrigin.JDK) {
			executor.countPinned();
		}
	}

	@Override
	public synchronized void stop() {
		if (!this.running) {
			return;
		}
		this.running = false;
		this.executors.remove(this.scheduler);
		this.registry.remove(this);
		if (this.events != null) {
			this.events.close();
			end(this.thread);
		}
	}

	private static void end(@Nullable Thread thread) {
		try {
			if (thread != null) {
				thread.join(TimeUnit.SECONDS.toMillis(2));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

}
