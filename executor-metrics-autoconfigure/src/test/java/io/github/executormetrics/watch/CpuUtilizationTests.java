// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how often the CPU time of workers is read, and of what follows: a window of
 * three looks, the test's own thread as the only worker.
 */
class CpuUtilizationTests {

	private final MonitoredExecutor executor = new ExecutorRegistry().obtain("orders", Object.class, 1,
			ExecutorOrigin.BEAN);

	private final CpuUtilization utilization = new CpuUtilization(3);

	private int readings;

	private long nanos = System.nanoTime();

	CpuUtilizationTests() {
		this.executor.add(new Told() {
			@Override
			public List<Thread> threads() {
				CpuUtilizationTests.this.readings++;
				return List.of(Thread.currentThread());
			}
		});
	}

	private double ticks(int ticks) {
		double value = Double.NaN;
		for (int i = 0; i < ticks; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(1);
			value = this.utilization.look(this.executor, this.executor.sample(this.nanos), 1);
		}
		return value;
	}

	private void run(Runnable task) {
		MeteredTask.of(task, this.executor.recorder(), false).run();
	}

	@Test
	void whenNothingRanThenNothingIsReadAndTheWorkersComputeNothing() {
		assertThat(ticks(1)).isNaN();
		assertThat(this.readings).isOne();
		assertThat(ticks(30)).isZero();
		assertThat(this.readings).isOne();
	}

	@Test
	void whenTasksRanThenItIsReadOnceAWindow() {
		ticks(1);
		for (int window = 1; window <= 5; window++) {
			// longer than figures are kept for who reads them again
			run(() -> compute(60));
			assertThat(ticks(3)).isPositive();
			assertThat(this.readings).isEqualTo(1 + window);
		}
	}

	@Test
	void whenATaskComputesThenItsCpuTimeOverTheWindowIsTold() {
		ticks(1);
		run(() -> compute(300));
		// of three seconds on the test's clock, and what the look takes
		assertThat(ticks(3)).isBetween(0.1, 0.2);
	}

	@Test
	void whenNothingRanForLongThenTheWindowAfterwardsIsTold() {
		ticks(1);
		long hour = TimeUnit.HOURS.toNanos(1);
		this.nanos += hour;
		this.utilization.passed(hour);
		run(() -> compute(300));
		assertThat(ticks(3)).isBetween(0.1, 0.2);
	}

	private static void compute(long millis) {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long until = threads.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		while (threads.getCurrentThreadCpuTime() < until) {
			Thread.onSpinWait();
		}
	}

}
