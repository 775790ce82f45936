// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EarlyTimers}.
 */
class EarlyTimersTests {

	private static final int BOUND = 10_000;

	private final EarlyTimers early = new EarlyTimers();

	@Test
	void forwardWhenTasksWereTimedThenAllAreHandedOnInOrder() {
		this.early.recordWait(1);
		this.early.recordRun(2, true);
		this.early.recordRun(3, false);
		this.early.recordPolls(4);
		List<String> seen = new CopyOnWriteArrayList<>();
		this.early.forwardTo(new TaskTimers() {
			@Override
			public void recordWait(long nanos) {
				seen.add("wait " + nanos);
			}

			@Override
			public void recordRun(long nanos, boolean failed) {
				seen.add("run " + nanos + " " + failed);
			}

			@Override
			public void recordPolls(long polls) {
				seen.add("polls " + polls);
			}
		});
		assertThat(seen).containsExactly("wait 1", "run 2 true", "run 3 false", "polls 4");
	}

	@Test
	void forwardWhenMoreWereTimedThanTheBoundThenThoseUpToItAreHandedOn() {
		for (int i = 0; i < BOUND + 5; i++) {
			this.early.recordWait(i);
		}
		Counting timers = new Counting();
		this.early.forwardTo(timers);
		assertThat(timers.waits).hasValue(BOUND);
		// by a worker that has not seen yet that there are timers now
		this.early.recordWait(1);
		assertThat(timers.waits).hasValue(BOUND + 1);
	}

	// one that met the binding stayed behind
	@Test
	void forwardWhenTasksAreTimedMeanwhileThenEachIsHandedOnOnce() throws Exception {
		int threads = 3;
		int each = 20;
		ExecutorService pool = Executors.newFixedThreadPool(threads);
		try {
			// the moment is short, and met in a few rounds of many only
			for (int round = 0; round < 5_000; round++) {
				EarlyTimers early = new EarlyTimers();
				Counting timers = new Counting();
				CyclicBarrier together = new CyclicBarrier(threads + 1);
				List<Future<?>> recording = new ArrayList<>();
				for (int thread = 0; thread < threads; thread++) {
					recording.add(pool.submit(() -> {
						together.await();
						for (int i = 0; i < each; i++) {
							early.recordRun(i, false);
						}
						return null;
					}));
				}
				together.await(10, TimeUnit.SECONDS);
				early.forwardTo(timers);
				for (Future<?> future : recording) {
					future.get(10, TimeUnit.SECONDS);
				}
				assertThat(timers.runs).as("round %d", round).hasValue(threads * each);
			}
		}
		finally {
			pool.shutdownNow();
		}
	}

	// a slow registry held up all workers
	@Test
	void recordWhenTimersAreSlowThenOtherWorkersDoNotWaitForThem() throws Exception {
		this.early.recordWait(1);
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Counting timers = new Counting() {
			@Override
			public void recordWait(long nanos) {
				held.countDown();
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		};
		ExecutorService pool = Executors.newFixedThreadPool(2);
		try {
			CompletableFuture<Void> binding = CompletableFuture.runAsync(() -> this.early.forwardTo(timers), pool);
			assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
			CompletableFuture.runAsync(() -> this.early.recordRun(1, false), pool).get(10, TimeUnit.SECONDS);
			assertThat(timers.runs).hasValue(1);
			release.countDown();
			binding.get(10, TimeUnit.SECONDS);
		}
		finally {
			release.countDown();
			pool.shutdownNow();
		}
	}

	private static class Counting implements TaskTimers {

		final AtomicInteger waits = new AtomicInteger();

		final AtomicInteger runs = new AtomicInteger();

		@Override
		public void recordWait(long nanos) {
			this.waits.incrementAndGet();
		}

		@Override
		public void recordRun(long nanos, boolean failed) {
			this.runs.incrementAndGet();
		}

		@Override
		public void recordPolls(long polls) {
		}

	}

}
