// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of pools of which no worker runs anything: it is said whether their thread
 * factory gives no thread, or of what the threads die.
 */
class DeadWorkersTests {

	private static ThreadPoolExecutor pool(ThreadFactory factory) {
		return new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
	}

	private static void submit(ThreadPoolExecutor pool, int tasks) {
		for (int i = 0; i < tasks; i++) {
			pool.execute(() -> {
			});
		}
	}

	@Test
	void whenTheFactoryGivesNoThreadThenThatIsSaid() {
		try (MovedWatch watch = new MovedWatch()) {
			submit(watch.pool("pool", pool((task) -> null)), 3);
			RaisedCause cause = watch.gravestAfter("pool", 8);
			assertThat(cause.cause()).isEqualTo(StarvationCause.STALLED);
			assertThat(cause.detail()).isEqualTo("the thread factory returns no thread");
			assertThat(cause.advice().text()).isEqualTo("Correct the thread factory: no worker runs any of the"
					+ " queued tasks, because the thread factory returns no thread");
			assertThat(cause.advice().settings()).isEmpty();
		}
	}

	@Test
	void whenTheThreadsDieThenThatIsSaidAndOfWhat() {
		CountDownLatch died = new CountDownLatch(2);
		ThreadFactory dying = (task) -> {
			Thread thread = new Thread(() -> {
				throw new IllegalStateException("on purpose");
			});
			thread.setUncaughtExceptionHandler((gone, ex) -> died.countDown());
			return thread;
		};
		try (MovedWatch watch = new MovedWatch()) {
			submit(watch.pool("pool", pool(dying)), 5);
			Awaitility.await().until(() -> died.getCount() == 0);
			RaisedCause cause = watch.gravestAfter("pool", 8);
			assertThat(cause.cause()).isEqualTo(StarvationCause.STALLED);
			assertThat(cause.detail())
				.isEqualTo("the threads end before they run a task, with java.lang.IllegalStateException");
			// what is shown where no class may be
			assertThat(cause.plainDetail()).isEqualTo("the threads end before they run a task");
			assertThat(cause.advice().text()).doesNotContain("Exception");
		}
	}

	@Test
	void whenTheFactoryFailsAfterAWhileThenThatIsSaid() throws InterruptedException {
		AtomicInteger threads = new AtomicInteger();
		ThreadPoolExecutor target = pool((task) -> {
			if (threads.incrementAndGet() > 2) {
				throw new SecurityException("no more");
			}
			return new Thread(task);
		});
		try (MovedWatch watch = new MovedWatch()) {
			ThreadPoolExecutor pool = watch.pool("pool", target);
			target.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
			target.allowCoreThreadTimeOut(true);
			submit(pool, 2);
			watch.awaitCompleted("pool", 2);
			Awaitility.await().until(() -> target.getPoolSize() == 0);
			// where no thread can be had for it
			target.getQueue().add(() -> {
			});
			RaisedCause cause = watch.gravestAfter("pool", 8);
			assertThat(cause.detail()).isEqualTo(
					"the thread factory returns no thread that can be started, with java.lang.SecurityException");
		}
	}

	@Test
	void whenABeanOverridesNewThreadThenThatIsSaid() {
		ThreadPoolTaskExecutor bean = new ThreadPoolTaskExecutor() {

			@Override
			public Thread newThread(Runnable task) {
				return null;
			}

		};
		bean.setCorePoolSize(2);
		bean.initialize();
		try (MovedWatch watch = new MovedWatch()) {
			ThreadPoolTaskExecutor decorated = watch.decorate("bean", bean, bean.getThreadPoolExecutor(),
					ThreadPoolTaskExecutor.class);
			decorated.execute(() -> {
			});
			assertThat(watch.gravestAfter("bean", 8).detail()).isEqualTo("the thread factory returns no thread");
		}
	}

	// the factory must not be asked for a thread while the pool is well
	@Test
	void whenWorkersAreBusyThenTheFactoryIsLeftAlone() throws Exception {
		AtomicInteger threads = new AtomicInteger();
		CountDownLatch held = new CountDownLatch(1);
		try (MovedWatch watch = new MovedWatch()) {
			ThreadPoolExecutor busy = watch.pool("busy", pool((task) -> {
				threads.incrementAndGet();
				return new Thread(task);
			}));
			watch.fill(busy, () -> {
				held.await();
				return null;
			});
			submit(busy, 3);
			RaisedCause cause = watch.gravestAfter("busy", 8);
			assertThat(cause.cause()).isEqualTo(StarvationCause.STALLED);
			assertThat(cause.detail()).doesNotContain("factory", "end before");
			assertThat(threads).hasValue(2);
			held.countDown();
		}
	}

	@Test
	void whenWorkersArePausedThenNothingIsSaidOfTheirThreads() {
		CountDownLatch held = new CountDownLatch(1);
		ThreadPoolExecutor pausable = new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {

			@Override
			protected void beforeExecute(Thread thread, Runnable task) {
				try {
					held.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		try (MovedWatch watch = new MovedWatch()) {
			submit(watch.pool("paused", pausable), 5);
			RaisedCause cause = watch.gravestAfter("paused", 8);
			assertThat(cause.cause()).isEqualTo(StarvationCause.STALLED);
			assertThat(String.valueOf(cause.detail())).doesNotContain("factory", "end before");
			assertThat(cause.advice()).isNull();
			held.countDown();
		}
	}

}
