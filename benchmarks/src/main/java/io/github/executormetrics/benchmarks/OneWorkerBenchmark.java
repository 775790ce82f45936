package io.github.executormetrics.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
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

	private final Runnable task = () -> {
	};

	private Metering metering;

	private ExecutorService executor;

	private long tasks;

	@Setup
	public void start() {
		this.metering = this.subject.open();
		this.executor = this.metering
			.meter(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
	}

	@TearDown
	public void stop() throws InterruptedException {
		end(this.executor);
		this.metering.expect(this.tasks);
		this.metering.close();
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void execute() throws InterruptedException {
		execute(this.executor, this.task);
		this.tasks += BATCH;
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void submit() throws InterruptedException, ExecutionException {
		for (int i = 1; i < BATCH; i++) {
			this.executor.submit(this.task);
		}
		this.executor.submit(this.task).get();
		this.tasks += BATCH;
	}

	/**
	 * Run a batch and wait for the last of it.
	 * @param executor where to run it
	 * @param task what to run
	 */
	static void execute(Executor executor, Runnable task) throws InterruptedException {
		CountDownLatch last = new CountDownLatch(1);
		for (int i = 1; i < BATCH; i++) {
			executor.execute(task);
		}
		executor.execute(last::countDown);
		last.await();
	}

	/**
	 * Let an executor record the end of its last task.
	 * @param executor the executor
	 */
	static void end(ExecutorService executor) throws InterruptedException {
		executor.shutdown();
		if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("Still running: " + executor);
		}
	}

}
