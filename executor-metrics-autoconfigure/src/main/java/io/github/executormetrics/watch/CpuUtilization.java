// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * How much of their time the workers of an executor compute. A reading takes some five
 * microseconds a worker, so there is one a window only, and none where nothing ran. For
 * the watch's thread only.
 */
final class CpuUtilization {

	private final int ticksBetween;

	private int ticks;

	private @Nullable ExecutorSample last;

	private long lastCpu;

	private double value = Double.NaN;

	/**
	 * Create a measure that was not taken yet.
	 * @param looksBetween how many looks lie between two readings
	 */
	CpuUtilization(int ticksBetween) {
		this.ticksBetween = ticksBetween;
	}

	/**
	 * Read the CPU time of the workers if it is time to.
	 * @param executor whose
	 * @param sample what the look found
	 * @param workers how many there may be
	 * @return their CPU time over their time between the last two readings, 0 to 1, or
	 * not a number where it is not known
	 */
	double look(MonitoredExecutor executor, ExecutorSample sample, int workers) {
		if (this.ticks++ % this.ticksBetween == 0) {
			this.value = measure(executor, this.last, sample, workers);
			this.last = sample;
		}
		return this.value;
	}

	/**
	 * Leave out a time in which nothing ran.
	 * @param nanos how long it was
	 */
	void passed(long nanos) {
		ExecutorSample last = this.last;
		this.last = (last != null) ? last.at(last.nanos() + nanos) : null;
	}

	private double measure(MonitoredExecutor executor, @Nullable ExecutorSample before, ExecutorSample sample,
			int workers) {
		if (before != null && executor.coverage() == Coverage.TASKS && isQuiet(before, sample)) {
			// what it takes to wait for a task is nothing to speak of
			return executor.threads().isMeasured() ? 0 : Double.NaN;
		}
		long cpu = executor.threads().read().cpuNanos();
		long used = cpu - this.lastCpu;
		this.lastCpu = cpu;
		return (before != null && workers > 0 && executor.threads().isMeasured())
				? Math.min(1, (double) used / workers / (sample.nanos() - before.nanos())) : Double.NaN;
	}

	private static boolean isQuiet(ExecutorSample before, ExecutorSample after) {
		return before.busy() == 0 && after.busy() == 0 && before.started() == after.started()
				&& before.tasks().started() == after.tasks().started();
	}

}
