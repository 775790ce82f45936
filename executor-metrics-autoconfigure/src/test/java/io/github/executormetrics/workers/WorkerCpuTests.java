// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of how much workers compute, on real threads.
 */
@Tag("live")
class WorkerCpuTests {

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ThreadPoolExecutor target = new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>());

	private final ThreadPoolExecutor pool = (ThreadPoolExecutor) new ExecutorDecorator(this.registry)
		.decorate(this.target, "pool", ThreadPoolExecutor.class);

	private final WorkerCpu cpu = new WorkerCpu();

	private final CountDownLatch released = new CountDownLatch(1);

	private volatile boolean ended;

	@AfterEach
	void end() {
		this.ended = true;
		this.released.countDown();
		this.target.shutdownNow();
	}

	private void wait(CountDownLatch started) {
		started.countDown();
		try {
			this.released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void compute(CountDownLatch started) {
		started.countDown();
		while (!this.ended) {
			Thread.onSpinWait();
		}
	}

	private CpuShare measure() {
		return measure(0);
	}

	private CpuShare measure(double atLeast) {
		return Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(30)).until(() -> {
			this.cpu.look(this.registry.find("pool"));
			return this.cpu.share();
		}, (share) -> share != null && share.workers() >= atLeast);
	}

	@Test
	void whenWorkersWaitThenTheyComputeNothing() throws Exception {
		CountDownLatch started = new CountDownLatch(2);
		this.pool.execute(() -> wait(started));
		this.pool.execute(() -> wait(started));
		started.await();
		CpuShare share = measure();
		assertThat(share.workers()).isCloseTo(0, within(0.05));
		assertThat(share.usefulWorkers()).isGreaterThan(20);
		assertThat(share.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
	}

	@Test
	void whenOneOfTwoComputesThenThatIsHalfOfTheirTimeAtMost() throws Exception {
		CountDownLatch started = new CountDownLatch(2);
		this.pool.execute(() -> wait(started));
		this.pool.execute(() -> compute(started));
		started.await();
		// less at first, where other processes take the cores
		CpuShare share = measure(0.2);
		assertThat(share.workers()).isLessThan(0.55);
		assertThat(share.processCores()).isGreaterThan(0.35);
	}

	@Test
	void whenNobodyRunsOrItRestedThenNothingIsKnown() throws Exception {
		this.cpu.look(this.registry.find("pool"));
		this.cpu.look(this.registry.find("pool"));
		assertThat(this.cpu.share()).isNull();
		CountDownLatch started = new CountDownLatch(1);
		this.pool.execute(() -> wait(started));
		started.await();
		measure();
		this.cpu.rest();
		assertThat(this.cpu.share()).isNull();
		this.cpu.look(this.registry.find("pool"));
		assertThat(this.cpu.share()).isNull();
	}

	@Test
	void coresAreTakenWhenTheProcessUsesNineTenthsOfThem() {
		assertThat(new CpuShare(0.2, 1.8, 2).isSaturated()).isTrue();
		assertThat(new CpuShare(0.2, 1.7, 2).isSaturated()).isFalse();
		assertThat(new CpuShare(1, -1, 2).isSaturated()).isFalse();
		assertThat(new CpuShare(0.5, -1, 8).usefulWorkers()).isEqualTo(16);
		assertThat(new CpuShare(1, -1, 8).usefulWorkers()).isEqualTo(8);
		assertThat(new CpuShare(0, -1, 8).usefulWorkers()).isGreaterThan(1_000_000);
	}

}
