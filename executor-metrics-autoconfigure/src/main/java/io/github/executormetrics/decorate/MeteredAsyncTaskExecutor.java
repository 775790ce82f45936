// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * An {@link AsyncTaskExecutor} in front of one whose own type nobody can name.
 */
class MeteredAsyncTaskExecutor extends MeteredExecutor implements AsyncTaskExecutor {

	private final AsyncTaskExecutor delegate;

	MeteredAsyncTaskExecutor(AsyncTaskExecutor delegate, TaskIntake intake) {
		super(delegate, intake);
		this.delegate = delegate;
	}

	@Override
	@Deprecated(since = "0.1.0")
	@SuppressWarnings("deprecation")
	public void execute(Runnable task, long startTimeout) {
		intake().execute(task, (metered) -> this.delegate.execute(metered, startTimeout));
	}

	@Override
	public Future<?> submit(Runnable task) {
		return intake().submitThrough(task, this.delegate::submit);
	}

	@Override
	public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
		return intake().submitThrough(task, this.delegate::submit);
	}

	@Override
	public CompletableFuture<Void> submitCompletable(Runnable task) {
		return intake().submitThrough(task, this.delegate::submitCompletable);
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> submitCompletable(Callable<T> task) {
		return intake().submitThrough(task, this.delegate::submitCompletable);
	}

}
