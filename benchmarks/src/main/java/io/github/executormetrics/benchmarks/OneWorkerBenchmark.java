package io.github.executormetrics.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A {@link ThreadPoolExecutor} of one worker, a thousand tasks at a time.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH and in the set-up
public class OneWorkerBenchmark {

	static final int BATCH = 1000;

	@Param
	public Subject subject;

	@Param
	public Work work;

	private Instrumentation instrumentation;

	private ExecutorService executor;

	private Runnable task;

	@Setup
	public void start() {
		this.instrumentation = new Instrumentation(this.subject);
		this.executor = this.instrumentation
			.instrument(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
		this.task = this.work.task();
	}

	@TearDown
	public void stop() {
		this.executor.shutdown();
		this.instrumentation.close();
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void execute() throws InterruptedException {
		CountDownLatch last = new CountDownLatch(1);
		for (int i = 1; i < BATCH; i++) {
			this.executor.execute(this.task);
		}
		this.executor.execute(last::countDown);
		last.await();
	}

}
