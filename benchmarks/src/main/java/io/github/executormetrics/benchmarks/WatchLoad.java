// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the executors do whose watch is measured, and how many they are.
 */
enum WatchLoad {

	/**
	 * Each worker has run a task, none has one now.
	 */
	IDLE_100(100) {
		@Override
		void start(List<Executor> executors) {
		}
	},

	/**
	 * The same with 16,000 threads.
	 */
	IDLE_1000(1_000) {
		@Override
		void start(List<Executor> executors) {
		}
	},

	/**
	 * Each executor gets ten tasks a second, each of which holds its worker for 5 ms.
	 */
	LIGHT_100(100) {
		@Override
		void start(List<Executor> executors) {
			int atOnce = executors.size() / 10;
			int[] next = new int[1];
			Executors.newSingleThreadScheduledExecutor(WatchLoad::daemon).scheduleAtFixedRate(() -> {
				for (int i = 0; i < atOnce; i++) {
					executors.get(next[0]++ % executors.size()).execute(() -> LockSupport.parkNanos(5_000_000));
				}
			}, 0, 10, TimeUnit.MILLISECONDS);
		}
	},

	/**
	 * In ten executors each worker has submitted what is queued there, a thousand tasks,
	 * and waits for a latch: the dearest to look at, since only their stacks can tell
	 * that they wait for each other.
	 */
	DEADLOCKED_10_OF_100(100) {
		@Override
		void start(List<Executor> executors) {
			CountDownLatch never = new CountDownLatch(1);
			for (Executor executor : executors.subList(0, 10)) {
				CountDownLatch started = new CountDownLatch(WORKERS);
				for (int i = 0; i < WORKERS; i++) {
					executor.execute(() -> {
						started.countDown();
						await(started);
						for (int j = 0; j < QUEUED_BY_EACH; j++) {
							executor.execute(never::countDown);
						}
						await(never);
					});
				}
			}
		}

		@Override
		int starving() {
			return 10;
		}
	};

	/**
	 * How many workers each executor has.
	 */
	static final int WORKERS = 16;

	// a thousand in all
	private static final int QUEUED_BY_EACH = 63;

	private final int executors;

	WatchLoad(int executors) {
		this.executors = executors;
	}

	int executors() {
		return this.executors;
	}

	/**
	 * Start the load.
	 * @param executors the executors
	 */
	abstract void start(List<Executor> executors);

	/**
	 * How many executors starve under it.
	 * @return the number
	 */
	int starving() {
		return 0;
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "load");
		thread.setDaemon(true);
		return thread;
	}

	static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
