// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a fork/join pool tells, on each JDK.
 */
class ForkJoinStateTests {

	private final ForkJoinPool pool = new ForkJoinPool(2);

	private final CountDownLatch release = new CountDownLatch(1);

	private final ExecutorState state = ExecutorStates.ofForkJoin(this.pool);

	@AfterEach
	void end() throws InterruptedException {
		this.release.countDown();
		this.pool.shutdownNow();
		assertThat(this.pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	private void block(int tasks) {
		for (int i = 0; i < tasks; i++) {
			this.pool.execute(this::awaitRelease);
		}
	}

	private void awaitRelease() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ForkJoinFigures figures() {
		ForkJoinFigures figures = this.state.forkJoin();
		assertThat(figures).isNotNull();
		return figures;
	}

	// looking at a pool must not start it
	@Test
	void whenNothingWasSubmittedThenThereAreNoWorkers() {
		assertThat(this.state.workers()).isEqualTo(new WorkerFigures(0, 0, 0));
		assertThat(this.state.limit()).isEqualTo(2);
		assertThat(this.state.queueDepth()).isZero();
		assertThat(this.state.oldestQueued(System.nanoTime())).isZero();
		assertThat(figures()).isEqualTo(new ForkJoinFigures(2, 0, 0, 0, 0, 0, 0, false));
	}

	@Test
	void whenTasksHaveEndedThenTheWorkersAreIdleAndEachIsCounted() {
		for (int i = 0; i < 5; i++) {
			this.pool.submit(() -> "done").join();
			assertThat(this.pool.awaitQuiescence(20, TimeUnit.SECONDS)).isTrue();
		}
		Awaitility.await().untilAsserted(() -> {
			assertThat(this.state.busy()).isZero();
			assertThat(this.state.idle()).isPositive().isEqualTo(this.pool.getPoolSize());
			assertThat(this.state.started()).isEqualTo(5);
		});
		assertThat(figures().steals()).isEqualTo(5);
	}

	// a pool whose tasks are blocked looked as if nobody counted what it starts
	@Test
	void whenWorkersAreBlockedThenSubmissionsWaitAndNothingStarts() {
		block(4);
		Awaitility.await().until(() -> this.state.workers().started() != ExecutorState.NONE);
		Awaitility.await().until(() -> this.state.queueDepth() == 2);
		long started = this.state.workers().started();
		assertThat(started).isBetween(0L, 2L);
		assertThat(this.state.busy()).isEqualTo(2);
		assertThat(this.state.idle()).isZero();
		assertThat(this.state.oldestQueued(System.nanoTime())).isEqualTo(ExecutorState.NONE);
		assertThat(figures().queuedSubmissions()).isEqualTo(2);
		assertThat(figures().submissionsWait()).isTrue();
		assertThat(figures().running()).isZero();
		assertThat(this.state.workers().started()).isEqualTo(started);
	}

	// workers blocked in a join are not active, and were taken for idle ones
	@Test
	void whenSpareWorkersAreThereThenNobodyIsIdleWhileSubmissionsWait() {
		CompletableFuture<Object> never = new CompletableFuture<>();
		for (int i = 1; i <= 3; i++) {
			this.pool.execute(never::join);
			int taken = i;
			Awaitility.await().until(() -> this.pool.getPoolSize() > taken && this.pool.getActiveThreadCount() == 0);
		}
		block(3);
		Awaitility.await().until(() -> this.state.queueDepth() > 0 && this.pool.getRunningThreadCount() == 0);
		assertThat(this.pool.getPoolSize()).isGreaterThan(this.pool.getParallelism());
		assertThat(this.pool.getPoolSize() - this.pool.getActiveThreadCount()).isPositive();
		assertThat(this.state.idle()).isZero();
		never.complete(null);
	}

	// until JDK 24 a worker adds to the steals only when the queue it takes from is
	// empty: a pool that has much to do seemed to start nothing
	@Test
	void whenWorkersEmptyALongQueueThenItNeverLooksStill() {
		AtomicInteger done = new AtomicInteger();
		for (int i = 0; i < 20_000; i++) {
			this.pool.execute(() -> {
				done.incrementAndGet();
				LockSupport.parkNanos(100_000);
			});
		}
		WorkerFigures last = this.state.workers();
		for (int look = 1; look <= 20; look++) {
			int until = done.get() + 50;
			Awaitility.await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> done.get() >= until);
			WorkerFigures now = this.state.workers();
			assertThat(this.state.queueDepth()).isPositive();
			assertThat(now.started() == ExecutorState.NONE || now.started() != last.started()).as("look " + look)
				.isTrue();
			last = now;
		}
	}

	// a pool that had been dropped was kept for its figures
	@Test
	void whenThePoolIsDroppedThenItIsGone() {
		ExecutorState dropped = ExecutorStates.ofForkJoin(new ForkJoinPool(1));
		Awaitility.await().until(() -> {
			System.gc();
			return dropped.isGone();
		});
		assertThat(dropped.workers()).isEqualTo(new WorkerFigures(0, 0, ExecutorState.NONE));
		assertThat(dropped.forkJoin()).isNull();
	}

	@Test
	void whenThePoolHasTerminatedThenItIsGone() throws InterruptedException {
		this.pool.shutdown();
		assertThat(this.pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.state.isGone()).isTrue();
	}

}
