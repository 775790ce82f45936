// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ErrorHandler;

/**
 * The contract, for schedulers.
 */
class SchedulerContractTests {

	abstract static class OfThreadPoolTaskScheduler extends ExecutorContract<ThreadPoolTaskScheduler>
			implements PoolContract<ThreadPoolTaskScheduler>, AsyncContract<ThreadPoolTaskScheduler>,
			SchedulingContract<ThreadPoolTaskScheduler>, ErrorHandlerContract<ThreadPoolTaskScheduler> {

		abstract ThreadPoolTaskScheduler create();

		@Override
		public ThreadPoolTaskScheduler undecorated(ContractThreads threads) {
			ThreadPoolTaskScheduler scheduler = create();
			scheduler.setThreadFactory(threads);
			scheduler.afterPropertiesSet();
			return scheduler;
		}

		@Override
		public ThreadPoolExecutor pool(ThreadPoolTaskScheduler executor) {
			return executor.getScheduledThreadPoolExecutor();
		}

		@Override
		public ScheduledThreadPoolExecutor scheduledPool(ThreadPoolTaskScheduler executor) {
			return executor.getScheduledThreadPoolExecutor();
		}

		@Override
		public Future<?> scheduleInAnHour(ThreadPoolTaskScheduler executor, Runnable task) {
			return executor.schedule(task, Instant.now().plusSeconds(3600));
		}

		@Override
		public void setErrorHandler(ThreadPoolTaskScheduler scheduler, ErrorHandler handler) {
			scheduler.setErrorHandler(handler);
		}

		@Override
		public boolean seesDrops() {
			return false;
		}

	}

	@Nested
	class ThreadPoolTaskSchedulerTests extends OfThreadPoolTaskScheduler {

		@Override
		ThreadPoolTaskScheduler create() {
			return new ThreadPoolTaskScheduler();
		}

	}

	@Nested
	class UsersThreadPoolTaskSchedulerTests extends OfThreadPoolTaskScheduler {

		@Override
		ThreadPoolTaskScheduler create() {
			return new UserExecutors.OwnThreadPoolTaskScheduler();
		}

	}

	abstract static class OfSimpleAsyncTaskScheduler extends ExecutorContract<SimpleAsyncTaskScheduler>
			implements AsyncContract<SimpleAsyncTaskScheduler>, ErrorHandlerContract<SimpleAsyncTaskScheduler> {

		@Override
		public void setErrorHandler(SimpleAsyncTaskScheduler scheduler, ErrorHandler handler) {
			scheduler.setErrorHandler(handler);
		}

		@Override
		public boolean seesCompletableErrors() {
			return true;
		}

	}

	@Nested
	class SimpleAsyncTaskSchedulerTests extends OfSimpleAsyncTaskScheduler {

		@Override
		public SimpleAsyncTaskScheduler undecorated(ContractThreads threads) {
			SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
			scheduler.setThreadFactory(threads);
			return scheduler;
		}

	}

	@Nested
	@EnabledForJreRange(minVersion = 21)
	class SimpleAsyncTaskSchedulerOnVirtualThreadsTests extends OfSimpleAsyncTaskScheduler {

		@Override
		public SimpleAsyncTaskScheduler undecorated(ContractThreads threads) {
			SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
			scheduler.setVirtualThreads(true);
			return scheduler;
		}

	}

	@Nested
	class UsersSimpleAsyncTaskSchedulerTests extends OfSimpleAsyncTaskScheduler {

		@Override
		public boolean seesCompletableErrors() {
			return false;
		}

		@Override
		public SimpleAsyncTaskScheduler undecorated(ContractThreads threads) {
			SimpleAsyncTaskScheduler scheduler = new UserExecutors.OwnSimpleAsyncTaskScheduler();
			scheduler.setThreadFactory(threads);
			return scheduler;
		}

		@Override
		public int failuresSeen() {
			return 0;
		}

		@Override
		public int tasksSeen() {
			return 5;
		}

	}

	@Nested
	class ConcurrentTaskSchedulerTests extends ExecutorContract<ConcurrentTaskScheduler>
			implements AsyncContract<ConcurrentTaskScheduler>, SchedulingContract<ConcurrentTaskScheduler>,
			ErrorHandlerContract<ConcurrentTaskScheduler> {

		private final Map<ConcurrentTaskScheduler, ScheduledThreadPoolExecutor> pools = new WeakHashMap<>();

		@Override
		public ConcurrentTaskScheduler undecorated(ContractThreads threads) {
			ScheduledThreadPoolExecutor pool = bench().stopLater(new ScheduledThreadPoolExecutor(1, threads));
			ConcurrentTaskScheduler scheduler = new ConcurrentTaskScheduler(pool);
			this.pools.put(scheduler, pool);
			return scheduler;
		}

		@Override
		public ScheduledThreadPoolExecutor scheduledPool(ConcurrentTaskScheduler executor) {
			return Objects.requireNonNull(this.pools.get(executor));
		}

		@Override
		public Future<?> scheduleInAnHour(ConcurrentTaskScheduler executor, Runnable task) {
			return executor.schedule(task, Instant.now().plusSeconds(3600));
		}

		@Override
		public void setErrorHandler(ConcurrentTaskScheduler scheduler, ErrorHandler handler) {
			scheduler.setErrorHandler(handler);
		}

	}

}
