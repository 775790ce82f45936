// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.Executor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An executor that runs tasks inline, so that nothing but the metering costs.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH and in the set-up
public class InlineBenchmark {

	@Param
	public Subject subject;

	private final Runnable task = () -> {
	};

	private Metering metering;

	private Executor executor;

	private long tasks;

	@Setup
	public void start() {
		this.metering = this.subject.open();
		this.executor = this.metering.meter(new InlineExecutorService());
	}

	@TearDown
	public void stop() {
		this.metering.expect(this.tasks);
		this.metering.close();
	}

	@Benchmark
	public void execute() {
		this.tasks++;
		this.executor.execute(this.task);
	}

}
