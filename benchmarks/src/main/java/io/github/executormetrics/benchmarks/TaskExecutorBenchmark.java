// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Spring's {@link ThreadPoolTaskExecutor} with one worker, a thousand tasks at a time,
 * each of which is handed over and then run.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH and in the set-up
public class TaskExecutorBenchmark {

	@Param
	public Subject subject;

	private final Runnable task = () -> {
	};

	private final ThreadPoolTaskExecutor bean = new ThreadPoolTaskExecutor();

	private Metering metering;

	private ThreadPoolTaskExecutor executor;

	private long tasks;

	@Setup
	public void start() {
		this.bean.setCorePoolSize(1);
		this.metering = this.subject.open();
		this.executor = this.metering.meter(this.bean);
	}

	@TearDown
	public void stop() throws InterruptedException {
		OneWorkerBenchmark.end(this.bean.getThreadPoolExecutor());
		this.metering.expect(this.tasks);
		this.metering.close();
	}

	@Benchmark
	@OperationsPerInvocation(OneWorkerBenchmark.BATCH)
	public void execute() throws InterruptedException {
		OneWorkerBenchmark.runHeld(this.executor, 1, this.task);
		this.tasks += OneWorkerBenchmark.BATCH;
	}

	@Benchmark
	@OperationsPerInvocation(OneWorkerBenchmark.BATCH)
	public void submit() throws InterruptedException {
		OneWorkerBenchmark.runHeld(this.executor::submit, 1, this.task);
		this.tasks += OneWorkerBenchmark.BATCH;
	}

}
