// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.RunningTask;

/**
 * Measures how much of their time an executor's workers compute, from look to look while
 * something is wrong. A clock read of a thread's CPU time costs some 430 ns. For the
 * watch's thread only.
 */
public final class WorkerCpu {

	private static final int WORKERS_AT_MOST = 64;

	private static final int TICKS_AT_MOST = 10;

	// less of it tells nothing
	private static final long WALL_AT_LEAST = TimeUnit.MILLISECONDS.toNanos(100);

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final boolean SUPPORTED = THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

	private final Deque<Measure> measures = new ArrayDeque<>();

	private Map<Long, Long> last = Map.of();

	private long lastNanos;

	private long lastProcess;

	/**
	 * Look at the workers once.
	 * @param executor whose
	 */
	public void look(MonitoredExecutor executor) {
		if (!SUPPORTED) {
			return;
		}
		long now = System.nanoTime();
		long process = ProcessCpu.nanos();
		Map<Long, Long> times = times(executor.recorder().runningTasks(now));
		long elapsed = now - this.lastNanos;
		long cpu = 0;
		int workers = 0;
		for (Map.Entry<Long, Long> time : times.entrySet()) {
			Long before = this.last.get(time.getKey());
			if (before != null) {
				cpu += time.getValue() - before;
				workers++;
			}
		}
		if (workers > 0) {
			this.measures.addLast(
					new Measure(cpu, workers * elapsed, (process >= 0) ? process - this.lastProcess : -1, elapsed));
			if (this.measures.size() > TICKS_AT_MOST) {
				this.measures.removeFirst();
			}
		}
		this.last = times;
		this.lastNanos = now;
		this.lastProcess = process;
	}

	private static Map<Long, Long> times(List<RunningTask> running) {
		Map<Long, Long> times = new HashMap<>();
		for (RunningTask task : running) {
			// negative where it has ended, or is virtual
			long time = THREADS.getThreadCpuTime(task.threadId());
			if (time >= 0) {
				times.put(task.threadId(), time);
			}
			if (times.size() == WORKERS_AT_MOST) {
				break;
			}
		}
		return times;
	}

	/**
	 * Forget what was measured: all is well.
	 */
	public void rest() {
		this.measures.clear();
		this.last = Map.of();
	}

	/**
	 * What was measured over the last ten looks.
	 * @return the share, or null where too little was
	 */
	public @Nullable CpuShare share() {
		long cpu = 0;
		long wall = 0;
		long process = 0;
		long elapsed = 0;
		boolean processKnown = true;
		for (Measure measure : this.measures) {
			cpu += measure.cpu();
			wall += measure.wall();
			process += measure.process();
			elapsed += measure.elapsed();
			processKnown &= measure.process() >= 0;
		}
		return (elapsed >= WALL_AT_LEAST) ? new CpuShare(Math.min(1, (double) cpu / wall),
				processKnown ? (double) process / elapsed : -1, Runtime.getRuntime().availableProcessors()) : null;
	}

	private record Measure(long cpu, long wall, long process, long elapsed) {

	}

}
