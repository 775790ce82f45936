// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;

/**
 * The contract, for Spring's executors without a pool of their own.
 */
class AdapterContractTests {

	private static <T extends SimpleAsyncTaskExecutor> T on(T executor, ContractThreads threads) {
		executor.setThreadFactory(threads);
		return executor;
	}

	private static ThreadPoolExecutor pool(ContractThreads threads) {
		return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
	}

	abstract static class OfSimpleAsyncTaskExecutor extends ExecutorContract<SimpleAsyncTaskExecutor>
			implements AsyncContract<SimpleAsyncTaskExecutor> {

		@Override
		public boolean seesCompletableErrors() {
			return true;
		}

	}

	@Nested
	class SimpleAsyncTaskExecutorTests extends OfSimpleAsyncTaskExecutor {

		@Override
		public SimpleAsyncTaskExecutor undecorated(ContractThreads threads) {
			return on(new SimpleAsyncTaskExecutor(), threads);
		}

	}

	@Nested
	class ThrottledSimpleAsyncTaskExecutorTests extends OfSimpleAsyncTaskExecutor {

		@Override
		public SimpleAsyncTaskExecutor undecorated(ContractThreads threads) {
			SimpleAsyncTaskExecutor executor = on(new SimpleAsyncTaskExecutor(), threads);
			executor.setConcurrencyLimit(2);
			executor.setTaskTerminationTimeout(20_000);
			return executor;
		}

	}

	@Nested
	@EnabledForJreRange(minVersion = 21)
	class SimpleAsyncTaskExecutorOnVirtualThreadsTests extends OfSimpleAsyncTaskExecutor {

		@Override
		public SimpleAsyncTaskExecutor undecorated(ContractThreads threads) {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
			executor.setVirtualThreads(true);
			return executor;
		}

	}

	@Nested
	class UsersSimpleAsyncTaskExecutorTests extends OfSimpleAsyncTaskExecutor {

		@Override
		public boolean seesCompletableErrors() {
			return false;
		}

		@Override
		public SimpleAsyncTaskExecutor undecorated(ContractThreads threads) {
			return on(new UserExecutors.OwnSimpleAsyncTaskExecutor(), threads);
		}

	}

	@Nested
	class TaskExecutorAdapterTests extends ExecutorContract<TaskExecutorAdapter>
			implements AsyncContract<TaskExecutorAdapter> {

		@Override
		public TaskExecutorAdapter undecorated(ContractThreads threads) {
			return new TaskExecutorAdapter(bench().stopLater(pool(threads)));
		}

	}

	@Nested
	class ConcurrentTaskExecutorTests extends ExecutorContract<ConcurrentTaskExecutor>
			implements AsyncContract<ConcurrentTaskExecutor> {

		@Override
		public ConcurrentTaskExecutor undecorated(ContractThreads threads) {
			return new ConcurrentTaskExecutor(bench().stopLater(pool(threads)));
		}

	}

}
