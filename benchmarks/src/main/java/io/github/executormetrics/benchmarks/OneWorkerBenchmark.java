// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.CountDownLatch;
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
 * A {@link ThreadPoolExecutor} of one worker, a thousand tasks at a time, each of which
 * is handed over and then run: where the two go on at once, a task costs most whenever
 * the worker has to be woken for it, which is chance.
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
		runHeld(this.executor, 1, this.task);
		this.tasks += BATCH;
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void submit() throws InterruptedException {
		runHeld(this.executor::submit, 1, this.task);
		this.tasks += BATCH;
	}

	/**
	 * Run a batch on workers that are held until all of it is handed over.
	 * @param executor hands a task over to them
	 * @param workers how many they are
	 * @param task what to run
	 */
	static void runHeld(Executor executor, int workers, Runnable task) throws InterruptedException {
		CountDownLatch handedOver = new CountDownLatch(1);
		CountDownLatch last = new CountDownLatch(1);
		for (int i = 0; i < workers; i++) {
			executor.execute(() -> await(handedOver));
		}
		for (int i = workers + 1; i < BATCH; i++) {
			executor.execute(task);
		}
		executor.execute(last::countDown);
		handedOver.countDown();
		last.await();
	}

	/**
	 * Hold the worker that runs this.
	 * @param latch until when
	 */
	static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
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
