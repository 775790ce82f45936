// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.Timer;

/**
 * The least that can tell wait, run and counts of each task.
 */
final class FloorMetering implements Metering {

	private final TrialMeters meters;

	private final Timer waits;

	private final Timer runs;

	private final LongAdder submitted = new LongAdder();

	private final LongAdder completed = new LongAdder();

	FloorMetering(Subject subject) {
		this.meters = subject.registry().create();
		this.waits = this.meters.registry().timer("wait");
		this.runs = this.meters.registry().timer("run");
	}

	@Override
	public ExecutorService meter(ExecutorService executor) {
		return new Floor(executor);
	}

	@Override
	public void expect(long tasks) {
		Metering.expect("submitted", this.submitted.sum(), tasks);
		Metering.expect("completed", this.completed.sum(), tasks);
		this.meters.expect("wait", tasks);
		this.meters.expect("run", tasks);
	}

	@Override
	public void close() {
		this.meters.close();
	}

	private final class Floor extends AbstractExecutorService {

		private final ExecutorService delegate;

		Floor(ExecutorService delegate) {
			this.delegate = delegate;
		}

		@Override
		public void execute(Runnable task) {
			this.delegate.execute(new FloorTask(task));
			FloorMetering.this.submitted.increment();
		}

		@Override
		public void shutdown() {
			this.delegate.shutdown();
		}

		@Override
		public List<Runnable> shutdownNow() {
			return this.delegate.shutdownNow();
		}

		@Override
		public boolean isShutdown() {
			return this.delegate.isShutdown();
		}

		@Override
		public boolean isTerminated() {
			return this.delegate.isTerminated();
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
			return this.delegate.awaitTermination(timeout, unit);
		}

	}

	private final class FloorTask implements Runnable {

		private final Runnable task;

		private final long submitted = System.nanoTime();

		FloorTask(Runnable task) {
			this.task = task;
		}

		@Override
		public void run() {
			long started = System.nanoTime();
			FloorMetering.this.waits.record(started - this.submitted, TimeUnit.NANOSECONDS);
			this.task.run();
			FloorMetering.this.runs.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
			FloorMetering.this.completed.increment();
		}

	}

}
