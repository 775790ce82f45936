// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of deadlocks made with real pools and real threads. The watch's clock is moved by
 * the test, 1 s a tick.
 */
class DeadlockTests {

	private final MovedWatch watch = new MovedWatch();

	@AfterEach
	void close() {
		this.watch.close();
	}

	@Test
	void whenFutureIsGotOnItsOwnPoolThenProven() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		this.watch.fill(orders, () -> orders.submit(() -> "never").get());
		MovedWatch.awaitQueued(orders, 2);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.cause()).isEqualTo(StarvationCause.DEADLOCKED);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("waitingWorkers", 2)
			.containsEntry("timedWorkers", 0)
			.containsEntry("queuedTasks", 2)
			.doesNotContainKey("queueRoomTasks");
	}

	@Test
	void whenFutureIsGotForATimeThenProvenAndTimed() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		this.watch.fill(orders, () -> orders.submit(() -> "never").get(1, TimeUnit.HOURS));
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("timedWorkers", 1);
	}

	@Test
	void whenCompletableFutureIsJoinedOnItsOwnPoolThenSuspected() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		this.watch.fill(orders, () -> CompletableFuture.supplyAsync(() -> "never", orders).join());
		MovedWatch.awaitQueued(orders, 2);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).detail()).isEqualTo("suspected: orders -> orders");
	}

	@Test
	void whenInvokeAllIsNestedThenProven() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		this.watch.fill(orders, () -> orders.invokeAll(List.of(() -> 1, () -> 2)));
		MovedWatch.awaitQueued(orders, 4);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).detail()).isEqualTo("proven: orders -> orders");
	}

	@Test
	void whenTwoPoolsWaitForEachOtherThenTheRingIsNamed() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		ThreadPoolExecutor reports = this.watch.pool("reports", 1);
		CountDownLatch both = new CountDownLatch(2);
		this.watch.fill(orders, () -> {
			both.countDown();
			both.await();
			return reports.submit(() -> "never").get();
		});
		this.watch.fill(reports, () -> {
			both.countDown();
			both.await();
			return orders.submit(() -> "never").get();
		});
		MovedWatch.awaitQueued(orders, 1);
		MovedWatch.awaitQueued(reports, 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).detail()).isEqualTo("proven: orders -> reports -> orders");
		assertThat(this.watch.gravestAfter("reports", 0).detail()).isEqualTo("proven: reports -> orders -> reports");
	}

	@Test
	void whenThreePoolsWaitInARingThenTheRingIsNamed() throws Exception {
		ThreadPoolExecutor a = this.watch.pool("a", 1);
		ThreadPoolExecutor b = this.watch.pool("b", 1);
		ThreadPoolExecutor c = this.watch.pool("c", 1);
		CountDownLatch all = new CountDownLatch(3);
		Map<ThreadPoolExecutor, ExecutorService> next = Map.of(a, b, b, c, c, a);
		for (ThreadPoolExecutor pool : List.of(a, b, c)) {
			this.watch.fill(pool, () -> {
				all.countDown();
				all.await();
				return next.get(pool).submit(() -> "never").get();
			});
		}
		for (ThreadPoolExecutor pool : List.of(a, b, c)) {
			MovedWatch.awaitQueued(pool, 1);
		}
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("b", 8).detail()).isEqualTo("proven: b -> c -> a -> b");
	}

	@Test
	void whenNestedOnASpringPoolThenProvenBehindTheProxyToo() throws Exception {
		assertNestedIsProven(new ThreadPoolTaskExecutor());
	}

	@Test
	void whenAUsersDecoratorHidesTheTaskInTheQueueThenStillProven() throws Exception {
		ThreadPoolTaskExecutor target = new ThreadPoolTaskExecutor();
		target.setTaskDecorator((task) -> () -> task.run());
		assertNestedIsProven(target);
	}

	private void assertNestedIsProven(ThreadPoolTaskExecutor target) throws Exception {
		target.setCorePoolSize(1);
		target.initialize();
		ThreadPoolTaskExecutor mails = this.watch.decorate("mails", target, target.getThreadPoolExecutor(),
				ThreadPoolTaskExecutor.class);
		this.watch.fill(mails.getThreadPoolExecutor(), () -> mails.submit(() -> "never").get());
		MovedWatch.awaitQueued(mails.getThreadPoolExecutor(), 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("mails", 8).detail()).isEqualTo("proven: mails -> mails");
	}

	@Test
	void whenATaskWaitsForOneThatWaitsForTheQueueThenProven() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		orders.submit(() -> orders.submit(() -> orders.submit(() -> "never").get()).get());
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("waitingWorkers", 2);
	}

	// a future of the user's does not know where it stands, so who runs it has to
	@Test
	void whenATaskWaitsForAFutureOfTheUsersThatWaitsForTheQueueThenProven() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		FutureTask<String> middle = new FutureTask<>(() -> orders.submit(() -> "never").get());
		orders.submit(() -> {
			orders.execute(middle);
			return middle.get();
		});
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("waitingWorkers", 2);
	}

	@Test
	void whenATaskJoinsOneThatJoinsTheQueueThenSuspected() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		orders.execute(() -> CompletableFuture
			.runAsync(() -> CompletableFuture.supplyAsync(() -> "never", orders).join(), orders)
			.join());
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).detail()).isEqualTo("suspected: orders -> orders");
	}

	@Test
	void whenATaskParksOnItselfAndIsQueuedAgainThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		orders.execute(new Runnable() {
			@Override
			public void run() {
				orders.execute(this);
				LockSupport.parkNanos(this, TimeUnit.HOURS.toNanos(1));
			}
		});
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
	}

	// such a future is carried by another task, and does not know where that stands
	@Test
	void whenFutureOfACompletionServiceIsGotOnItsOwnPoolThenSuspected() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		this.watch.fill(orders, () -> new ExecutorCompletionService<>(orders).submit(() -> "never").get());
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).detail()).isEqualTo("suspected: orders -> orders");
	}

	@Test
	void whenATaskWaitsForOneThatRunsAndGoesOnThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		CountDownLatch released = new CountDownLatch(1);
		orders.submit(() -> orders.submit(() -> Hold.until(released)).get());
		Awaitility.await().until(() -> orders.getActiveCount() == 2);
		orders.execute(() -> {
		});
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
		released.countDown();
	}

	@Test
	void whenTheWaitingTaskRunsInsideAnotherOneOnTheSameThreadThenProven() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy()));
		this.watch.fill(orders, () -> {
			Future<String> queued = orders.submit(() -> "never");
			// there is no room for it
			return orders.submit(() -> queued.get());
		});
		Awaitility.await().until(() -> this.watch.executor("orders").recorder().running() == 2);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("waitingWorkers", 1);
	}

	@Test
	void whenTasksFanOutAndThenJoinAPoolThatGoesOnThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		ThreadPoolExecutor reports = this.watch.pool("reports", 2);
		CountDownLatch released = new CountDownLatch(1);
		this.watch.fill(orders, () -> {
			orders.submit(() -> "later");
			return CompletableFuture.runAsync(() -> Hold.until(released), reports).join();
		});
		MovedWatch.awaitQueued(orders, 2);
		Awaitility.await().until(() -> reports.getActiveCount() == 2);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.cause()).isEqualTo(StarvationCause.STALLED);
		assertThat(cause.detail()).isEqualTo(
				"orders waits for reports, whose workers are in DeadlockTests.whenTasksFanOutAndThenJoinAPoolThatGoesOnThenItIsNoDeadlock, in CountDownLatch.await");
		released.countDown();
	}

	@Test
	void whenTasksFanOutAndThenSleepThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		this.watch.fill(orders, () -> {
			orders.submit(() -> "later");
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		MovedWatch.awaitQueued(orders, 2);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
	}

	@Test
	void whenTasksFanOutAndThenWaitForALockThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		ReentrantLock lock = new ReentrantLock();
		lock.lock();
		try {
			this.watch.fill(orders, () -> {
				orders.submit(() -> "later");
				lock.lockInterruptibly();
				return null;
			});
			MovedWatch.awaitQueued(orders, 2);
			this.watch.awaitWaiting();
			assertThat(this.watch.gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
		}
		finally {
			lock.unlock();
		}
	}

	@Test
	void whenOneOfTwoWorkersIsMerelySlowThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		CountDownLatch first = new CountDownLatch(1);
		CountDownLatch slow = new CountDownLatch(1);
		this.watch.fill(orders, () -> {
			synchronized (first) {
				if (first.getCount() == 0) {
					slow.await();
					return null;
				}
				first.countDown();
			}
			return orders.submit(() -> "later").get();
		});
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
		slow.countDown();
		Awaitility.await().until(() -> orders.getCompletedTaskCount() == 3);
	}

	@Test
	void whenTasksFanOutAndThenBlockOnASocketThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			this.watch.fill(orders, () -> {
				orders.submit(() -> "later");
				try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
						InputStream in = socket.getInputStream()) {
					return in.read();
				}
			});
			MovedWatch.awaitQueued(orders, 2);
			List<Socket> accepted = List.of(server.accept(), server.accept());
			assertThat(this.watch.gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
			for (Socket socket : accepted) {
				socket.close();
			}
		}
	}

	@Test
	void whenPoolWouldStartOneMoreThreadThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor target = new ThreadPoolExecutor(1, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(2));
		ThreadPoolExecutor orders = this.watch.pool("orders", target);
		this.watch.fill(orders, () -> orders.submit(() -> "later").get());
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		// room for one more task before a thread is started: the one that would help
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("queueRoomTasks", 1);
		orders.execute(() -> {
		});
		assertThat(this.watch.gravestAfter("orders", 6).cause()).isNotEqualTo(StarvationCause.DEADLOCKED);
		Future<?> helping = orders.submit(() -> {
		});
		helping.get(30, TimeUnit.SECONDS);
	}

	@Test
	void whenTaskRunsOverTheLimitThenItIsStuckAndTheExecutorIsNotStarved() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		orders.submit(() -> "done");
		this.watch.awaitCompleted("orders", 1);
		CountDownLatch released = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(1);
		orders.execute(() -> {
			started.countDown();
			try {
				released.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		started.await();
		assertThat(this.watch.gravestAfter("orders", 62).evidence()).isEmpty();
		RaisedCause stuck = this.watch.gravestAfter("orders", 3);
		assertThat(stuck.cause()).isEqualTo(StarvationCause.STUCK);
		assertThat(stuck.evidence()).containsEntry("limitMillis", 60_000L).containsEntry("tasks", 1);
		assertThat(this.watch.watch().report(this.watch.executor("orders")).isStarved()).isFalse();
		released.countDown();
	}

	// such a task may have been handed over for anybody to run at leisure
	@Test
	void whenAnEarlierTaskOfTheWorkerSubmittedWhatIsQueuedThenNoDeadlockIsSuspected() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		CountDownLatch released = new CountDownLatch(1);
		CountDownLatch submitted = new CountDownLatch(1);
		orders.execute(() -> {
			Hold.until(submitted);
			orders.execute(() -> {
			});
		});
		orders.execute(() -> Hold.until(released));
		submitted.countDown();
		MovedWatch.awaitQueued(orders, 1);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.cause()).isEqualTo(StarvationCause.STALLED);
		assertThat(cause.detail()).isEqualTo(
				"its workers are in DeadlockTests.whenAnEarlierTaskOfTheWorkerSubmittedWhatIsQueuedThenNoDeadlockIsSuspected, in CountDownLatch.await");
		released.countDown();
	}

	@Test
	void whenATaskFansOutAndWaitsForAPoolThatGoesOnThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		ThreadPoolExecutor reports = this.watch.pool("reports", 2);
		CountDownLatch released = new CountDownLatch(1);
		this.watch.fill(orders, () -> {
			orders.submit(() -> "later");
			return reports.submit(() -> Hold.until(released)).get();
		});
		MovedWatch.awaitQueued(orders, 2);
		this.watch.awaitWaiting();
		RaisedCause cause = this.watch.gravestAfter("orders", 8);
		assertThat(cause.cause()).isEqualTo(StarvationCause.STALLED);
		assertThat(cause.detail()).isEqualTo(
				"orders waits for reports, whose workers are in DeadlockTests.whenATaskFansOutAndWaitsForAPoolThatGoesOnThenItIsNoDeadlock, in CountDownLatch.await");
		released.countDown();
	}

	@Test
	void whenAChainIsLongThenItsRootIsNamed() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		ThreadPoolExecutor prices = this.watch.pool("prices", 1);
		ThreadPoolExecutor reports = this.watch.pool("reports", 1);
		this.watch.fill(orders, () -> prices.submit(() -> reports.submit(() -> {
			TimeUnit.HOURS.sleep(1);
			return 1;
		}).get()).get());
		orders.execute(() -> {
		});
		Awaitility.await().until(() -> reports.getActiveCount() == 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).detail()).isEqualTo(
				"orders waits for prices, which waits for reports, whose workers are in DeadlockTests.whenAChainIsLongThenItsRootIsNamed, in Thread.sleep");
		assertThat(this.watch.incidents("orders").get(0).waitsFor()).isEqualTo("prices");
	}

	@Test
	void whenACompletableFutureOfAnotherPoolIsJoinedThenTheChainIsNamedToo() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		ThreadPoolExecutor reports = this.watch.pool("reports", 1);
		CountDownLatch released = new CountDownLatch(1);
		this.watch.fill(orders, () -> CompletableFuture.runAsync(() -> Hold.until(released), reports).join());
		orders.execute(() -> {
		});
		Awaitility.await().until(() -> reports.getActiveCount() == 1);
		this.watch.awaitWaiting();
		assertThat(this.watch.gravestAfter("orders", 8).detail()).isEqualTo(
				"orders waits for reports, whose workers are in DeadlockTests.whenACompletableFutureOfAnotherPoolIsJoinedThenTheChainIsNamedToo, in CountDownLatch.await");
		released.countDown();
	}

}
