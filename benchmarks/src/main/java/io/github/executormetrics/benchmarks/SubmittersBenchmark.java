// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A {@link ThreadPoolExecutor} of two workers for all submitters, each of which waits for
 * the last of its thousand tasks. Its first ones wait until it has handed over all, so
 * that a worker always finds a task: to wake one for it takes longer than the task.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH and in the set-up
public class SubmittersBenchmark {

	private static final int WORKERS = 2;

	@Param
	public Subject subject;

	private final Runnable task = () -> {
	};

	private final LongAdder tasks = new LongAdder();

	private Metering metering;

	private ExecutorService executor;

	@Setup
	public void start() {
		this.metering = this.subject.open();
		this.executor = this.metering
			.meter(new ThreadPoolExecutor(WORKERS, WORKERS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
	}

	@TearDown
	public void stop() throws InterruptedException {
		OneWorkerBenchmark.end(this.executor);
		this.metering.expect(this.tasks.sum());
		this.metering.close();
	}

	@Benchmark
	@OperationsPerInvocation(OneWorkerBenchmark.BATCH)
	public void execute() throws InterruptedException {
		OneWorkerBenchmark.runHeld(this.executor, WORKERS, this.task);
		this.tasks.add(OneWorkerBenchmark.BATCH);
	}

}
