// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * A task that the user handed over as a future: still one in the queue, so that
 * {@code purge()} and a shutdown that cancels what remains reach the user's future.
 */
@SuppressWarnings("ComparableType") // whatever stands in the same queue
final class MeteredRunnableFuture extends MeteredTask
		implements RunnableFuture<@Nullable Object>, Comparable<Runnable> {

	private final Future<?> future;

	MeteredRunnableFuture(Runnable delegate, TaskRecorder recorder) {
		super(delegate, recorder, recorder.labels().of(delegate));
		this.future = (Future<?>) delegate;
	}

	@Override
	Future<?> future() {
		return this.future;
	}

	@Override
	boolean isKnownCancelled() {
		try {
			return this.future.isCancelled();
		}
		catch (Throwable ex) {
			// nobody asks without us, and it runs
			return false;
		}
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return this.future.cancel(mayInterruptIfRunning);
	}

	@Override
	public boolean isCancelled() {
		return this.future.isCancelled();
	}

	@Override
	public boolean isDone() {
		return this.future.isDone();
	}

	@Override
	public @Nullable Object get() throws InterruptedException, ExecutionException {
		return this.future.get();
	}

	@Override
	public @Nullable Object get(long timeout, TimeUnit unit)
			throws InterruptedException, ExecutionException, TimeoutException {
		return this.future.get(timeout, unit);
	}

	@Override
	@SuppressWarnings("unchecked")
	public int compareTo(Runnable other) {
		return ((Comparable<Object>) delegate()).compareTo(unwrap(other));
	}

}
