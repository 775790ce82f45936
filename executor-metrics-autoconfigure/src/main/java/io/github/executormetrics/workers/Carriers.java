// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.LiveThreads;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.VirtualThreads;
import io.github.executormetrics.workers.HeldCarriers.Carrier;

/**
 * Finds out what holds the carriers of virtual threads, once no further virtual thread
 * gets one. A virtual thread that waits and has a carrier all the same is pinned to it.
 * For the watch's thread only.
 */
public final class Carriers {

	private static final String TYPE = "jdk.internal.misc.CarrierThread";

	private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

	// what uses less CPU than that waits: one that computes gets more on any machine
	private static final double COMPUTES = 0.01;

	private static final long LONGEST_MEASURE = TimeUnit.SECONDS.toNanos(10);

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final boolean CPU = THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

	private Measure before = Measure.NONE;

	private Measure last = Measure.NONE;

	/**
	 * Measure the CPU time of the carriers. A virtual thread that waits for a class which
	 * another thread initializes is runnable as one that computes is: only the CPU time
	 * of its carrier tells them apart.
	 * @param look the {@link System#nanoTime()} of the look, of which one measure is
	 * taken
	 */
	void measure(long look) {
		if (!CPU || look == this.last.look()) {
			return;
		}
		Map<String, Long> times = new HashMap<>();
		for (Thread thread : LiveThreads.find((any) -> any.getClass().getName().equals(TYPE))) {
			times.put(thread.getName(), THREADS.getThreadCpuTime(thread.getId()));
		}
		this.before = this.last;
		this.last = new Measure(look, System.nanoTime(), times);
	}

	/**
	 * Look what holds the carriers.
	 * @param all all executors
	 * @param look the {@link System#nanoTime()} of the look
	 * @return what does, or null where a virtual thread that could go on gets a carrier
	 */
	@Nullable HeldCarriers look(List<MonitoredExecutor> all, long look) {
		List<Carrier> seen = new ArrayList<>();
		Set<Thread> known = Collections.newSetFromMap(new IdentityHashMap<>());
		for (MonitoredExecutor executor : all) {
			if (executor.recorder().isOnVirtualThreads()) {
				for (RunningTask task : executor.recorder().runningTasks(look)) {
					Carrier carrier = known.add(task.thread()) ? see(task.thread(), look) : null;
					if (carrier != null) {
						seen.add(carrier);
					}
				}
			}
		}
		int taken = Math.max(seen.size(), mounted(all));
		int carriers = limit(all);
		return (taken >= carriers) ? new HeldCarriers(taken, seen) : null;
	}

	private @Nullable Carrier see(Thread thread, long look) {
		String carrier = VirtualThreads.carrierOf(thread);
		if (carrier == null) {
			return null;
		}
		Thread.State state = thread.getState();
		List<StackTraceElement> frames = List.of(thread.getStackTrace());
		// one that has left its carrier meanwhile is not pinned to it
		boolean stayed = !frames.isEmpty() && carrier.equals(VirtualThreads.carrierOf(thread));
		return stayed ? new Carrier(state, frames, computes(carrier, look)) : null;
	}

	private @Nullable Boolean computes(String carrier, long look) {
		long elapsed = this.last.nanos() - this.before.nanos();
		Long now = this.last.times().get(carrier);
		Long then = this.before.times().get(carrier);
		if (now == null || then == null || this.last.look() != look || elapsed > LONGEST_MEASURE) {
			return null;
		}
		return now - then >= COMPUTES * elapsed;
	}

	private static int mounted(List<MonitoredExecutor> all) {
		ExecutorSample scheduler = scheduler(all);
		return (scheduler != null) ? scheduler.busy() : 0;
	}

	private static int limit(List<MonitoredExecutor> all) {
		ExecutorSample scheduler = scheduler(all);
		// before 24 the JDK tells it nowhere else
		return (scheduler != null && scheduler.limit() > 0) ? scheduler.limit()
				: Integer.getInteger(PARALLELISM, Runtime.getRuntime().availableProcessors());
	}

	private static @Nullable ExecutorSample scheduler(List<MonitoredExecutor> all) {
		for (MonitoredExecutor executor : all) {
			if (executor.type().equals(Thread.class.getName())) {
				return executor.reading();
			}
		}
		return null;
	}

	private record Measure(long look, long nanos, Map<String, Long> times) {

		static final Measure NONE = new Measure(0, 0, Map.of());

	}

}
