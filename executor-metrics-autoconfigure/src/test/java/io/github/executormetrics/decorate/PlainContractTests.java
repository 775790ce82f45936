// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;

/**
 * The contract, for what is known by its interface only and for users' own classes.
 */
class PlainContractTests {

	abstract static class OfExecutorService extends ExecutorContract<ExecutorService>
			implements ServiceContract<ExecutorService> {

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
	class SingleThreadExecutorTests extends OfExecutorService implements QueueContract<ExecutorService> {

		@Override
		public ExecutorService undecorated(ContractThreads threads) {
			return Executors.newSingleThreadExecutor(threads);
		}

	}

	@Nested
	class UnconfigurableExecutorServiceTests extends OfExecutorService implements QueueContract<ExecutorService> {

		@Override
		public ExecutorService undecorated(ContractThreads threads) {
			return Executors.unconfigurableExecutorService(Executors.newFixedThreadPool(1, threads));
		}

	}

	abstract static class OfScheduledExecutorService extends ExecutorContract<ScheduledExecutorService>
			implements QueueContract<ScheduledExecutorService> {

		@Override
		public @Nullable Class<?> declared() {
			return ScheduledExecutorService.class;
		}

		@Override
		public ExecutorService service(ScheduledExecutorService executor) {
			return executor;
		}

		@Override
		public boolean countsStartedOnly() {
			return true;
		}

	}

	@Nested
	class SingleThreadScheduledExecutorTests extends OfScheduledExecutorService {

		@Override
		public ScheduledExecutorService undecorated(ContractThreads threads) {
			return Executors.newSingleThreadScheduledExecutor(threads);
		}

	}

	@Nested
	class UnconfigurableScheduledExecutorServiceTests extends OfScheduledExecutorService
			implements SchedulingContract<ScheduledExecutorService> {

		private final Map<Object, ScheduledThreadPoolExecutor> pools = new IdentityHashMap<>();

		private @Nullable ScheduledThreadPoolExecutor last;

		@Override
		public ScheduledExecutorService undecorated(ContractThreads threads) {
			ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, threads);
			this.last = pool;
			ScheduledExecutorService service = Executors.unconfigurableScheduledExecutorService(pool);
			this.pools.put(service, pool);
			return service;
		}

		@Override
		public ScheduledExecutorService decorated() {
			ScheduledExecutorService decorated = super.decorated();
			this.pools.put(decorated, this.last);
			return decorated;
		}

		@Override
		public ScheduledThreadPoolExecutor scheduledPool(ScheduledExecutorService executor) {
			return Objects.requireNonNull(this.pools.get(executor));
		}

		@Override
		public Future<?> scheduleInAnHour(ScheduledExecutorService executor, Runnable task) {
			return executor.schedule(task, 1, TimeUnit.HOURS);
		}

	}

	/**
	 * Hands nothing back and has no queue.
	 */
	@Nested
	@EnabledForJreRange(minVersion = 21)
	class VirtualThreadPerTaskExecutorTests extends OfExecutorService {

		@Override
		public ExecutorService undecorated(ContractThreads threads) {
			try {
				return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * Its futures are its own, and a shutdown cancels them unseen. From JDK 25 on it is a
	 * scheduler, and counts what it is given as before.
	 */
	@Nested
	class ForkJoinPoolTests extends OfExecutorService implements QueueContract<ExecutorService> {

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
	class UsersExecutorServiceTests extends ExecutorContract<UserExecutors.OwnExecutorService>
			implements QueueContract<UserExecutors.OwnExecutorService> {

		@Override
		public UserExecutors.OwnExecutorService undecorated(ContractThreads threads) {
			return new UserExecutors.OwnExecutorService(
					new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads));
		}

		@Override
		public ExecutorService service(UserExecutors.OwnExecutorService executor) {
			return executor;
		}

	}

	@Nested
	class LambdaTests extends ExecutorContract<Executor> {

		@Override
		public Executor undecorated(ContractThreads threads) {
			return (task) -> threads.newThread(task).start();
		}

		@Override
		public @Nullable Class<?> declared() {
			return Executor.class;
		}

	}

	@Nested
	class InlineLambdaTests extends ExecutorContract<TaskExecutor> {

		@Override
		public TaskExecutor undecorated(ContractThreads threads) {
			return (task) -> task.run();
		}

		@Override
		public @Nullable Class<?> declared() {
			return TaskExecutor.class;
		}

	}

	@Nested
	class HiddenAsyncTaskExecutorTests extends ExecutorContract<AsyncTaskExecutor>
			implements AsyncContract<AsyncTaskExecutor> {

		@Override
		public AsyncTaskExecutor undecorated(ContractThreads threads) {
			return new UserExecutors.HiddenAsyncTaskExecutor(threads);
		}

		@Override
		public @Nullable Class<?> declared() {
			return AsyncTaskExecutor.class;
		}

		@Override
		public boolean seesCompletableErrors() {
			return true;
		}

	}

}
