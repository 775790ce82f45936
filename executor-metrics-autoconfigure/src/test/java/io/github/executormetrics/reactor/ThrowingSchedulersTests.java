// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Schedulers of the user's that throw where they are read: their tasks run, and all other
 * schedulers are metered and end as before.
 */
class ThrowingSchedulersTests {

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final SchedulerHook hook = new SchedulerHook(false, Schedulers::boundedElastic);

	private final ReactorExecutors executors = ReactorExecutors.open(this.registry, (name) -> null, this.hook);

	private final ThrowingScheduler throwing = new ThrowingScheduler();

	@AfterEach
	void close() {
		this.throwing.thrown = null;
		this.executors.close();
	}

	@Test
	void whenASchedulerCannotBeScannedThenItsWorkerIsLeftAsItIs() throws Exception {
		this.throwing.thrown = new AssertionError("scan");
		ScheduledThreadPoolExecutor worker = new ScheduledThreadPoolExecutor(1);
		assertThat(this.hook.apply(this.throwing, worker)).isSameAs(worker);
		worker.shutdownNow();
	}

	@Test
	void whenASchedulerBeginsToThrowThenOthersAreMeteredAndEnd() throws Exception {
		ScheduledExecutorService worker = this.hook.apply(this.throwing, new ScheduledThreadPoolExecutor(1));
		this.throwing.thrown = new NoClassDefFoundError("isDisposed");
		CountDownLatch ran = new CountDownLatch(1);
		worker.execute(ran::countDown);
		assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
		Scheduler other = Schedulers.newSingle("other");
		CountDownLatch otherRan = new CountDownLatch(1);
		other.schedule(otherRan::countDown);
		assertThat(otherRan.await(10, TimeUnit.SECONDS)).isTrue();
		Awaitility.await().untilAsserted(() -> assertThat(executor("reactor-other").recorder().completed()).isOne());
		other.dispose();
		Awaitility.await().until(() -> this.registry.find("reactor-other") == null);
		assertThat(executor("reactor-throwing").recorder().completed()).isOne();
		worker.shutdown();
		assertThat(worker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whenTheSchedulerOfVirtualThreadsCannotBeReadThenItsTasksRun() throws Exception {
		ThreadPerTaskScheduler scheduler = new ThreadPerTaskScheduler(this.hook, () -> {
			throw new StackOverflowError("scheduler");
		});
		for (int i = 0; i < 2; i++) {
			CountDownLatch ran = new CountDownLatch(1);
			Thread thread = new Thread(scheduler.apply(ran::countDown), "loomBoundedElastic-" + i);
			thread.start();
			assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	private MonitoredExecutor executor(String name) {
		MonitoredExecutor executor = this.registry.find(name);
		assertThat(executor).as(name).isNotNull();
		return Objects.requireNonNull(executor);
	}

	private static final class ThrowingScheduler implements Scheduler, Scannable {

		private volatile @Nullable Error thrown;

		private void check() {
			Error thrown = this.thrown;
			if (thrown != null) {
				throw thrown;
			}
		}

		@Override
		public Disposable schedule(Runnable task) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Worker createWorker() {
			throw new UnsupportedOperationException();
		}

		@Override
		@SuppressWarnings("deprecation")
		public boolean isDisposed() {
			check();
			return false;
		}

		@Override
		public @Nullable Object scanUnsafe(Attr key) {
			check();
			return (key == Attr.NAME) ? "own(\"throwing\")" : null;
		}

	}

}
