// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.MeteredTask;

/**
 * An {@link ExecutorService} in front of one whose own type nobody can name.
 */
class MeteredExecutorService extends MeteredExecutor implements ExecutorService {

	private final ExecutorService delegate;

	private final @Nullable ExecutorService ownFutures;

	/**
	 * Create a decorator.
	 * @param delegate the executor
	 * @param intake where its tasks go through
	 * @param ownFutures whether the futures may be ours, because the executor's own are
	 * plain ones; a fork/join pool's are not
	 */
	MeteredExecutorService(ExecutorService delegate, TaskIntake intake, boolean ownFutures) {
		super(delegate, intake);
		this.delegate = delegate;
		this.ownFutures = ownFutures ? new FutureMaker(delegate, intake) : null;
	}

	@Override
	public Future<?> submit(Runnable task) {
		return (this.ownFutures != null) ? this.ownFutures.submit(task)
				: intake().submitThrough(task, this.delegate::submit);
	}

	@Override
	public <T> Future<T> submit(Runnable task, T result) {
		return (this.ownFutures != null) ? this.ownFutures.submit(task, result)
				: intake().submitThrough(task, (metered) -> this.delegate.submit(metered, result));
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return (this.ownFutures != null) ? this.ownFutures.submit(task)
				: intake().submitThrough(task, this.delegate::submit);
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
		return (this.ownFutures != null) ? this.ownFutures.invokeAll(tasks)
				: this.delegate.invokeAll(intake().wrapAll(tasks));
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException {
		return (this.ownFutures != null) ? this.ownFutures.invokeAll(tasks, timeout, unit)
				: this.delegate.invokeAll(intake().wrapAll(tasks), timeout, unit);
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
		return (this.ownFutures != null) ? this.ownFutures.invokeAny(tasks)
				: this.delegate.invokeAny(intake().wrapAll(tasks));
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException, ExecutionException, TimeoutException {
		return (this.ownFutures != null) ? this.ownFutures.invokeAny(tasks, timeout, unit)
				: this.delegate.invokeAny(intake().wrapAll(tasks), timeout, unit);
	}

	@Override
	public void shutdown() {
		this.delegate.shutdown();
		intake().executor().lookForEnd();
	}

	@Override
	public List<Runnable> shutdownNow() {
		List<Runnable> handedBack = this.delegate.shutdownNow();
		handedBack.forEach(intake().recorder()::dropped);
		intake().executor().lookForEnd();
		return handedBack.stream().map(MeteredTask::unwrap).toList();
	}

	@Override
	public boolean isShutdown() {
		return this.delegate.isShutdown();
	}

	@Override
	public boolean isTerminated() {
		return this.delegate.isTerminated();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		boolean terminated = this.delegate.awaitTermination(timeout, unit);
		intake().executor().lookForEnd();
		return terminated;
	}

	@Override
	public void close() {
		if ((Object) this.delegate instanceof AutoCloseable closeable) {
			try {
				closeable.close();
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
		else {
			this.delegate.shutdown();
		}
		intake().executor().lookForEnd();
	}

	/**
	 * The JDK's own way from a call to {@code execute}, with futures that are ours or the
	 * user's.
	 */
	static final class FutureMaker extends AbstractExecutorService {

		private final ExecutorService delegate;

		private final TaskIntake intake;

		private final FutureFactory futures;

		FutureMaker(ExecutorService delegate, TaskIntake intake) {
			this.delegate = delegate;
			this.intake = intake;
			this.futures = new FutureFactory(delegate, intake.recorder());
		}

		@Override
		public void execute(Runnable task) {
			this.intake.execute(task, this.delegate);
		}

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
			return this.futures.of(task);
		}

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
			return this.futures.of(task, value);
		}

		@Override
		public void shutdown() {
			this.delegate.shutdown();
		}

		@Override
		public List<Runnable> shutdownNow() {
			return this.delegate.shutdownNow();
		}

		@Override
		public boolean isShutdown() {
			return this.delegate.isShutdown();
		}

		@Override
		public boolean isTerminated() {
			return this.delegate.isTerminated();
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
			return this.delegate.awaitTermination(timeout, unit);
		}

	}

}
