// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.CountDownLatch;

import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.BaggageInScope;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.slf4j.MDC;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.TaskSpans;
import io.github.executormetrics.tracing.MicrometerTaskTracing;

/**
 * Spring's {@link ThreadPoolTaskExecutor} with one worker, a thousand tasks at a time
 * from within an observation. Each task looks for the observation, and for the trace in
 * the log's context.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by JMH and in the set-up
public class PropagationBenchmark {

	private static final String TENANT = "blue";

	@Param
	public Submitter submitter;

	@Param
	public Propagation propagation;

	private final ThreadPoolTaskExecutor bean = new ThreadPoolTaskExecutor();

	private final ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();

	private final Runnable task = this::look;

	private Tracing tracing;

	private Instrumentation instrumentation;

	private ThreadPoolTaskExecutor executor;

	private Observation observation;

	private String trace;

	// by the only worker, and read once it is done
	private int faults;

	@Setup
	public void start() {
		this.tracing = new Tracing();
		this.tracing.register();
		this.bean.setCorePoolSize(1);
		if (this.propagation == Propagation.DECORATOR) {
			this.bean.setTaskDecorator(new ContextPropagatingTaskDecorator());
		}
		this.bean.initialize();
		this.instrumentation = new Instrumentation(
				this.propagation.isMetered() ? Subject.EXECUTOR_METRICS : Subject.BARE);
		this.executor = this.propagation.isMetered()
				? this.instrumentation.decorate(this.bean, ThreadPoolTaskExecutor.class) : this.bean;
		if (this.propagation == Propagation.METERED_AND_CARRIED) {
			this.instrumentation.trace(new MicrometerTaskTracing(this.tracing.observations(), this.tracing.tracer(),
					true, TaskSpans.OFF, null));
		}
		this.observation = Observation.start("submitter", this.tracing.observations());
		this.trace = this.observation.scoped(() -> MDC.get("traceId"));
	}

	@TearDown
	public void stop() {
		this.observation.stop();
		this.bean.shutdown();
		this.instrumentation.close();
		this.tracing.close();
	}

	@Benchmark
	@OperationsPerInvocation(OneWorkerBenchmark.BATCH)
	public void execute() throws InterruptedException {
		CountDownLatch handedOver = new CountDownLatch(1);
		CountDownLatch last = new CountDownLatch(1);
		try (Observation.Scope scope = this.observation.openScope(); BaggageInScope baggage = baggage()) {
			execute(() -> OneWorkerBenchmark.await(handedOver));
			for (int i = 2; i < OneWorkerBenchmark.BATCH; i++) {
				execute(this.task);
			}
			execute(last::countDown);
			if (this.submitter != Submitter.LEAVES) {
				handedOver.countDown();
				last.await();
			}
		}
		handedOver.countDown();
		last.await();
		if (this.faults > 0) {
			throw new IllegalStateException(this.faults + " tasks without their context, or with one");
		}
	}

	private void execute(Runnable task) {
		this.executor
			.execute((this.propagation == Propagation.SNAPSHOT) ? this.snapshots.captureAll().wrap(task) : task);
	}

	private @Nullable BaggageInScope baggage() {
		return (this.submitter == Submitter.WAITS_WITH_BAGGAGE)
				? this.tracing.tracer().createBaggageInScope(Tracing.BAGGAGE, TENANT) : null;
	}

	private void look() {
		boolean there = this.trace.equals(MDC.get("traceId"))
				&& this.tracing.observations().getCurrentObservation() == this.observation
				&& (this.submitter != Submitter.WAITS_WITH_BAGGAGE || TENANT.equals(MDC.get(Tracing.BAGGAGE)));
		if (there != this.propagation.isCarried()) {
			this.faults++;
		}
	}

}
