package io.github.executormetrics.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Spring's {@link ThreadPoolTaskExecutor} with one worker, a thousand tasks at a time.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH and in the set-up
public class TaskExecutorBenchmark {

	@Param({ "BARE", "EXECUTOR_METRICS", "EXECUTOR_METRICS_HISTOGRAM" })
	public Subject subject;

	@Param
	public Work work;

	private final ThreadPoolTaskExecutor bean = new ThreadPoolTaskExecutor();

	private Instrumentation instrumentation;

	private ThreadPoolTaskExecutor executor;

	private Runnable task;

	@Setup
	public void start() {
		this.bean.setCorePoolSize(1);
		this.bean.initialize();
		this.instrumentation = new Instrumentation(this.subject);
		this.executor = (this.subject != Subject.BARE)
				? this.instrumentation.decorate(this.bean, ThreadPoolTaskExecutor.class) : this.bean;
		this.task = this.work.task();
	}

	@TearDown
	public void stop() {
		this.bean.shutdown();
		this.instrumentation.close();
	}

	@Benchmark
	@OperationsPerInvocation(OneWorkerBenchmark.BATCH)
	public void execute() throws InterruptedException {
		CountDownLatch last = new CountDownLatch(1);
		for (int i = 1; i < OneWorkerBenchmark.BATCH; i++) {
			this.executor.execute(this.task);
		}
		this.executor.execute(last::countDown);
		last.await();
	}

	@Benchmark
	@OperationsPerInvocation(OneWorkerBenchmark.BATCH)
	public void submit() throws InterruptedException, ExecutionException {
		for (int i = 1; i < OneWorkerBenchmark.BATCH; i++) {
			this.executor.submit(this.task);
		}
		this.executor.submit(this.task).get();
	}

}
