package io.github.executormetrics.benchmarks;

import java.util.concurrent.Executor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An executor that runs tasks inline, so that nothing but the instrumentation costs.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH and in the set-up
public class InlineBenchmark {

	@Param
	public Subject subject;

	@Param
	public Work work;

	private Instrumentation instrumentation;

	private Executor executor;

	private Runnable task;

	@Setup
	public void start() {
		this.instrumentation = new Instrumentation(this.subject);
		this.executor = this.instrumentation.instrument(new InlineExecutorService());
		this.task = this.work.task();
	}

	@TearDown
	public void stop() {
		this.instrumentation.close();
	}

	@Benchmark
	public void execute() {
		this.executor.execute(this.task);
	}

}
