// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

import io.github.executormetrics.ExecutorOrigin;

/**
 * The contract, for what is handed in by its interface and goes when it has ended.
 */
class ProgrammaticContractTests {

	abstract static class OfExecutorService extends ExecutorContract<ExecutorService>
			implements QueueContract<ExecutorService>, ServiceContract<ExecutorService> {

		OfExecutorService() {
			super(new Bench(ExecutorOrigin.PROGRAMMATIC));
		}

		@Override
		public @Nullable Class<?> declared() {
			return ExecutorService.class;
		}

		@Override
		public ExecutorService service(ExecutorService executor) {
			return executor;
		}

	}

	@Nested
	class ThreadPoolExecutorTests extends OfExecutorService {

		@Override
		public ExecutorService undecorated(ContractThreads threads) {
			return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
		}

	}

	@Nested
	class SingleThreadExecutorTests extends OfExecutorService {

		@Override
		public ExecutorService undecorated(ContractThreads threads) {
			return Executors.newSingleThreadExecutor(threads);
		}

	}

	@Nested
	class ForkJoinPoolTests extends OfExecutorService {

		@Override
		public ExecutorService undecorated(ContractThreads threads) {
			return new ForkJoinPool(1);
		}

		@Override
		public boolean seesDrops() {
			return false;
		}

	}

	@Nested
	class UsersThreadPoolExecutorTests extends OfExecutorService {

		@Override
		public ExecutorService undecorated(ContractThreads threads) {
			return new UsersPool(threads);
		}

	}

	/**
	 * A class of the user's, which a proxy takes the place of.
	 */
	static class UsersPool extends ThreadPoolExecutor {

		UsersPool(ContractThreads threads) {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
		}

	}

	@Nested
	class ScheduledThreadPoolExecutorTests extends ExecutorContract<ScheduledExecutorService>
			implements QueueContract<ScheduledExecutorService>, ServiceContract<ScheduledExecutorService> {

		ScheduledThreadPoolExecutorTests() {
			super(new Bench(ExecutorOrigin.PROGRAMMATIC));
		}

		@Override
		public ScheduledExecutorService undecorated(ContractThreads threads) {
			return new ScheduledThreadPoolExecutor(1, threads);
		}

		@Override
		public @Nullable Class<?> declared() {
			return ScheduledExecutorService.class;
		}

		@Override
		public ExecutorService service(ScheduledExecutorService executor) {
			return executor;
		}

		@Override
		public boolean seesDrops() {
			return false;
		}

	}

	@Nested
	class LambdaTests extends ExecutorContract<Executor> {

		LambdaTests() {
			super(new Bench(ExecutorOrigin.PROGRAMMATIC));
		}

		@Override
		public Executor undecorated(ContractThreads threads) {
			return (task) -> threads.newThread(task).start();
		}

		@Override
		public @Nullable Class<?> declared() {
			return Executor.class;
		}

	}

}
