package io.github.executormetrics.watch;

import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * How much of their time the workers of an executor compute. Read once a window only,
 * since a reading takes about a microsecond a worker. For the watch's thread only.
 */
final class CpuUtilization {

	private final int looksBetween;

	private int looks;

	private long lastNanos;

	private long lastCpu;

	private double value = Double.NaN;

	/**
	 * Create a measure that was not taken yet.
	 * @param looksBetween how many looks lie between two readings
	 */
	CpuUtilization(int looksBetween) {
		this.looksBetween = looksBetween;
	}

	/**
	 * Read the CPU time of the workers if it is time to.
	 * @param executor whose
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @param workers how many there may be
	 * @return their CPU time over their time between the last two readings, 0 to 1, or
	 * not a number where it is not known
	 */
	double look(MonitoredExecutor executor, long nanos, int workers) {
		if (this.looks++ % this.looksBetween != 0) {
			return this.value;
		}
		long cpu = executor.threads().usage().cpuNanos();
		boolean known = executor.threads().isMeasured();
		if (this.looks > 1) {
			this.value = (known && workers > 0)
					? Math.min(1, (double) (cpu - this.lastCpu) / workers / (nanos - this.lastNanos)) : Double.NaN;
		}
		this.lastCpu = cpu;
		this.lastNanos = nanos;
		return this.value;
	}

}
