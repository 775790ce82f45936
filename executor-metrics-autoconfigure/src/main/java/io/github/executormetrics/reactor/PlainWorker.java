// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;

/**
 * A worker of Reactor's of which a decorator that came before shows the interface only.
 */
@SuppressWarnings("NullAway") // each call is answered by the worker itself, null included
final class PlainWorker implements ScheduledExecutorService, Scannable {

	private final ScheduledExecutorService delegate;

	private final WorkerLane lane;

	PlainWorker(ScheduledExecutorService delegate, WorkerLane lane) {
		this.delegate = delegate;
		this.lane = lane;
	}

	@Override
	public void execute(Runnable task) {
		this.lane.target().execute(task);
	}

	@Override
	public Future<?> submit(Runnable task) {
		return this.lane.target().submit(task);
	}

	@Override
	public <T> Future<T> submit(Runnable task, T result) {
		return this.lane.target().submit(task, result);
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		return this.lane.target().submit(task);
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
		return this.lane.target().invokeAll(tasks);
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException {
		return this.lane.target().invokeAll(tasks, timeout, unit);
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
		return this.lane.target().invokeAny(tasks);
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException, ExecutionException, TimeoutException {
		return this.lane.target().invokeAny(tasks, timeout, unit);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		return this.lane.target().schedule(task, delay, unit);
	}

	@Override
	public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
		return this.lane.target().schedule(task, delay, unit);
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
		return this.lane.target().scheduleAtFixedRate(task, initialDelay, period, unit);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
		return this.lane.target().scheduleWithFixedDelay(task, initialDelay, delay, unit);
	}

	@Override
	public void shutdown() {
		this.delegate.shutdown();
		this.lane.ended();
	}

	@Override
	public List<Runnable> shutdownNow() {
		List<Runnable> handedBack = this.delegate.shutdownNow();
		this.lane.ended();
		return handedBack;
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

	@Override
	public @Nullable Object scanUnsafe(Attr key) {
		return this.lane.scan(key);
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
