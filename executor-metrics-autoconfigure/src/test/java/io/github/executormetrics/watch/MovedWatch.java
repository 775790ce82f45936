// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskSettings;

/**
 * A watch of real pools and real threads whose clock the test moves, 1 s a tick.
 */
final class MovedWatch implements AutoCloseable {

	static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

	private final ExecutorRegistry registry;

	private final ExecutorDecorator decorator;

	private final List<ExecutorService> pools = new ArrayList<>();

	private final long start = System.nanoTime();

	private long nanos = this.start;

	private final ExecutorWatch watch;

	MovedWatch() {
		this(TaskSettings.defaults());
	}

	MovedWatch(TaskSettings tasks) {
		this(tasks, new CallersThread());
	}

	MovedWatch(TaskSettings tasks, WatchThreads threads) {
		this.registry = new ExecutorRegistry(tasks);
		this.decorator = new ExecutorDecorator(this.registry);
		this.watch = new ExecutorWatch(this.registry,
				new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ZERO, 3, 5,
						Duration.ofMinutes(1), TestLimits.DEFAULTS, Map.of()),
				() -> this.nanos, () -> EPOCH.plusNanos(this.nanos - this.start), threads);
		this.watch.begin();
	}

	ExecutorRegistry registry() {
		return this.registry;
	}

	ExecutorWatch watch() {
		return this.watch;
	}

	/** A pool with a queue that has no bound. */
	ThreadPoolExecutor pool(String name, int workers) {
		return pool(name, new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
	}

	ThreadPoolExecutor pool(String name, ThreadPoolExecutor target) {
		return decorate(name, target, target, ThreadPoolExecutor.class);
	}

	/** Any executor, and the pool that must end with the test. */
	<E> E decorate(String name, E target, ExecutorService pool, Class<E> type) {
		this.pools.add(pool);
		return type.cast(this.decorator.decorate(target, name, type));
	}

	/** What tells what the test says. */
	<S extends ExecutorState> S add(String name, S state) {
		MonitoredExecutor executor = this.registry.obtain(name, Object.class, 2, ExecutorOrigin.BEAN);
		executor.cover(Coverage.STATE, "told by the test");
		executor.add(state);
		this.registry.add(executor);
		return state;
	}

	List<MonitoredExecutor> all() {
		return this.registry.all();
	}

	/** Until so many tasks have ended, which is counted after their futures tell. */
	void awaitCompleted(String name, int tasks) {
		Awaitility.await().until(() -> executor(name).recorder().totals(System.nanoTime()).completed() == tasks);
	}

	/** The process stands still, and goes on with a look. */
	void standStill(Duration time) {
		this.nanos += time.toNanos();
		this.watch.tick();
	}

	MonitoredExecutor executor(String name) {
		return this.registry.find(name);
	}

	void ticks(int ticks) {
		for (int i = 0; i < ticks; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(1);
			this.watch.tick();
		}
	}

	/**
	 * What is said after so many seconds, the workers being where they are.
	 * @return the gravest cause, or a stuck one without evidence where there is none
	 */
	RaisedCause gravestAfter(String name, int seconds) {
		ticks(seconds);
		List<RaisedCause> causes = this.watch.report(executor(name)).causes();
		return !causes.isEmpty() ? causes.get(0)
				: new RaisedCause(StarvationCause.STUCK, Instant.EPOCH, null, Map.of(), null, null, null, List.of());
	}

	List<StarvationIncident> incidents(String name) {
		return this.watch.incidents(executor(name));
	}

	/** Lets the workers of a pool run tasks, each once all have started. */
	<T> void fill(ThreadPoolExecutor pool, Callable<T> task) throws InterruptedException {
		int workers = pool.getCorePoolSize();
		CountDownLatch started = new CountDownLatch(workers);
		for (int i = 0; i < workers; i++) {
			pool.execute(() -> {
				started.countDown();
				try {
					started.await();
					task.call();
				}
				catch (Exception ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
		started.await();
	}

	static void awaitQueued(ThreadPoolExecutor pool, int tasks) {
		Awaitility.await().until(() -> pool.getQueue().size() == tasks);
	}

	/** Until the threads of all tasks really stand where they wait. */
	void awaitWaiting() {
		Awaitility.await()
			.until(() -> this.registry.all()
				.stream()
				.flatMap((executor) -> executor.recorder().runningTasks(System.nanoTime()).stream())
				.map((task) -> task.thread().getState())
				.allMatch((state) -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING));
	}

	@Override
	public void close() {
		this.pools.forEach(ExecutorService::shutdownNow);
	}

}
