// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract, for pools.
 */
class PoolContractTests {

	private static <T extends ThreadPoolTaskExecutor> T initialized(T executor, ContractThreads threads) {
		executor.setCorePoolSize(1);
		executor.setMaxPoolSize(1);
		executor.setThreadFactory(threads);
		executor.afterPropertiesSet();
		return executor;
	}

	private static <T extends ThreadPoolTaskExecutor> T bounded(T executor, ContractThreads threads, int capacity,
			RejectedExecutionHandler handler) {
		executor.setQueueCapacity(capacity);
		executor.setRejectedExecutionHandler(handler);
		return initialized(executor, threads);
	}

	abstract static class OfThreadPoolTaskExecutor extends ExecutorContract<ThreadPoolTaskExecutor>
			implements PoolContract<ThreadPoolTaskExecutor>, PolicyContract<ThreadPoolTaskExecutor>,
			AsyncContract<ThreadPoolTaskExecutor> {

		abstract ThreadPoolTaskExecutor create();

		@Override
		public ThreadPoolTaskExecutor undecorated(ContractThreads threads) {
			return initialized(create(), threads);
		}

		@Override
		public ThreadPoolExecutor pool(ThreadPoolTaskExecutor executor) {
			return executor.getThreadPoolExecutor();
		}

		/**
		 * Row: futures left hanging after shutdown. Here it is the bean that is shut
		 * down, which cancels what the pool hands back, and finds it through a user's
		 * decorator until a collection empties its weak map.
		 */
		@Test
		void whenQueuedAndCollectedThenDestroyCancelsAsUndecorated() {
			long cancelled = cancelledByDestroy(decorated());
			assertThat(cancelled).isEqualTo(cancelledByDestroy(twin())).isEqualTo(isQueueOpaque() ? 0 : QUEUED);
			TaskTotals totals = isQueueOpaque() ? bench().atRestOnceSettled() : bench().atRest();
			assertThat(totals.cancelled()).isEqualTo(QUEUED);
		}

		private long cancelledByDestroy(ThreadPoolTaskExecutor executor) {
			try (Hold hold = Hold.on(executor)) {
				List<Future<?>> futures = new ArrayList<>();
				for (int i = 0; i < QUEUED; i++) {
					futures.add(executor.submit(() -> {
					}));
				}
				Bench.collect(new WeakReference<>(new Object()));
				executor.destroy();
				return futures.stream().filter(Future::isCancelled).count();
			}
		}

		@Override
		public ThreadPoolTaskExecutor bounded(ContractThreads threads, int capacity, RejectedExecutionHandler handler) {
			return PoolContractTests.bounded(create(), threads, capacity, handler);
		}

	}

	@Nested
	class ThreadPoolTaskExecutorTests extends OfThreadPoolTaskExecutor {

		@Override
		ThreadPoolTaskExecutor create() {
			return new ThreadPoolTaskExecutor();
		}

	}

	/**
	 * What stands in the queue and what the handler gets is then what the user's
	 * decorator made, so drops are counted once at rest.
	 */
	@Nested
	class ThreadPoolTaskExecutorWithTaskDecoratorTests extends OfThreadPoolTaskExecutor {

		@Override
		ThreadPoolTaskExecutor create() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setTaskDecorator((task) -> () -> task.run());
			return executor;
		}

		@Override
		public boolean isDecoratedByUser() {
			return true;
		}

		@Override
		public boolean seesDrops() {
			return false;
		}

		@Override
		public boolean isQueueOpaque() {
			return true;
		}

	}

	@Nested
	class UsersThreadPoolTaskExecutorTests extends OfThreadPoolTaskExecutor
			implements QueueChoiceContract<ThreadPoolTaskExecutor> {

		@Override
		ThreadPoolTaskExecutor create() {
			return new UserExecutors.OwnThreadPoolTaskExecutor(null);
		}

		@Override
		public ThreadPoolTaskExecutor queueing(ContractThreads threads, BlockingQueue<Runnable> queue) {
			return initialized(new UserExecutors.OwnThreadPoolTaskExecutor(queue), threads);
		}

	}

	abstract static class OfThreadPoolExecutor extends ExecutorContract<ThreadPoolExecutor>
			implements PoolContract<ThreadPoolExecutor>, PolicyContract<ThreadPoolExecutor>,
			QueueChoiceContract<ThreadPoolExecutor> {

		abstract ThreadPoolExecutor create(ContractThreads threads, BlockingQueue<Runnable> queue,
				RejectedExecutionHandler handler);

		@Override
		public ThreadPoolExecutor undecorated(ContractThreads threads) {
			return create(threads, new LinkedBlockingQueue<>(), new AbortPolicy());
		}

		@Override
		public ThreadPoolExecutor pool(ThreadPoolExecutor executor) {
			return executor;
		}

		@Override
		public ThreadPoolExecutor bounded(ContractThreads threads, int capacity, RejectedExecutionHandler handler) {
			return create(threads, new LinkedBlockingQueue<>(capacity), handler);
		}

		@Override
		public ThreadPoolExecutor queueing(ContractThreads threads, BlockingQueue<Runnable> queue) {
			return create(threads, queue, new AbortPolicy());
		}

	}

	@Nested
	class ThreadPoolExecutorTests extends OfThreadPoolExecutor {

		@Override
		ThreadPoolExecutor create(ContractThreads threads, BlockingQueue<Runnable> queue,
				RejectedExecutionHandler handler) {
			return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue, threads, handler);
		}

	}

	@Nested
	class UsersThreadPoolExecutorTests extends OfThreadPoolExecutor {

		@Override
		ThreadPoolExecutor create(ContractThreads threads, BlockingQueue<Runnable> queue,
				RejectedExecutionHandler handler) {
			return new UserExecutors.OwnThreadPoolExecutor(queue, threads, handler);
		}

	}

	abstract static class OfScheduledThreadPoolExecutor extends ExecutorContract<ScheduledThreadPoolExecutor>
			implements PoolContract<ScheduledThreadPoolExecutor>, SchedulingContract<ScheduledThreadPoolExecutor> {

		@Override
		public ThreadPoolExecutor pool(ScheduledThreadPoolExecutor executor) {
			return executor;
		}

		@Override
		public ScheduledThreadPoolExecutor scheduledPool(ScheduledThreadPoolExecutor executor) {
			return executor;
		}

		@Override
		public Future<?> scheduleInAnHour(ScheduledThreadPoolExecutor executor, Runnable task) {
			return executor.schedule(task, 1, TimeUnit.HOURS);
		}

		@Override
		public boolean seesDrops() {
			return false;
		}

	}

	@Nested
	class ScheduledThreadPoolExecutorTests extends OfScheduledThreadPoolExecutor {

		@Override
		public ScheduledThreadPoolExecutor undecorated(ContractThreads threads) {
			return new ScheduledThreadPoolExecutor(1, threads);
		}

	}

	@Nested
	class UsersScheduledThreadPoolExecutorTests extends OfScheduledThreadPoolExecutor {

		@Override
		public ScheduledThreadPoolExecutor undecorated(ContractThreads threads) {
			return new UserExecutors.OwnScheduledThreadPoolExecutor(threads);
		}

	}

}
