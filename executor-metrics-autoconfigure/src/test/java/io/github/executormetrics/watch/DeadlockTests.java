package io.github.executormetrics.watch;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of deadlocks made with real pools and real threads. The watch's clock is moved by
 * the test, 1 s a tick.
 */
class DeadlockTests {

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final List<ThreadPoolExecutor> pools = new ArrayList<>();

	private long nanos = System.nanoTime();

	private final ExecutorWatch watch = new ExecutorWatch(this.registry, new WatchSettings(Duration.ofSeconds(1),
			Duration.ofSeconds(10), Duration.ZERO, 3, 5, Duration.ofMinutes(1), TestLimits.DEFAULTS, Map.of()),
			() -> this.nanos, () -> Instant.EPOCH);

	DeadlockTests() {
		this.watch.begin();
	}

	@AfterEach
	void shutdown() {
		this.pools.forEach(ThreadPoolExecutor::shutdownNow);
	}

	private ThreadPoolExecutor pool(String name, int workers) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>());
		this.pools.add(pool);
		return (ThreadPoolExecutor) this.decorator.decorate(pool, name, ThreadPoolExecutor.class);
	}

	/**
	 * What is said after so many seconds without a start, the workers being where they
	 * are.
	 */
	private RaisedCause gravestAfter(String name, int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(1);
			this.watch.tick();
		}
		List<RaisedCause> causes = this.watch.report(this.registry.find(name)).causes();
		return !causes.isEmpty() ? causes.get(0)
				: new RaisedCause(StarvationCause.STUCK, Instant.EPOCH, null, Map.of(), null, null, List.of());
	}

	/** Lets the workers of a pool run tasks, each once all have started. */
	private <T> void fill(ThreadPoolExecutor pool, Callable<T> task) throws InterruptedException {
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

	private void awaitQueued(ThreadPoolExecutor pool, int tasks) {
		Awaitility.await().until(() -> pool.getQueue().size() == tasks);
	}

	private void awaitWaiting() {
		// until the threads really stand where they wait
		Awaitility.await()
			.until(() -> this.registry.all()
				.stream()
				.flatMap((executor) -> executor.recorder().runningTasks(System.nanoTime()).stream())
				.map((task) -> task.thread().getState())
				.allMatch((state) -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING));
	}

	@Test
	void whenFutureIsGotOnItsOwnPoolThenProven() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		fill(orders, () -> orders.submit(() -> "never").get());
		awaitQueued(orders, 2);
		awaitWaiting();
		RaisedCause cause = gravestAfter("orders", 8);
		assertThat(cause.cause()).isEqualTo(StarvationCause.DEADLOCKED);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("waitingWorkers", 2)
			.containsEntry("timedWorkers", 0)
			.containsEntry("queuedTasks", 2)
			.doesNotContainKey("queueRoomTasks");
	}

	@Test
	void whenFutureIsGotForATimeThenProvenAndTimed() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 1);
		fill(orders, () -> orders.submit(() -> "never").get(1, TimeUnit.HOURS));
		awaitQueued(orders, 1);
		awaitWaiting();
		RaisedCause cause = gravestAfter("orders", 8);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("timedWorkers", 1);
	}

	@Test
	void whenCompletableFutureIsJoinedOnItsOwnPoolThenSuspected() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		fill(orders, () -> CompletableFuture.supplyAsync(() -> "never", orders).join());
		awaitQueued(orders, 2);
		awaitWaiting();
		assertThat(gravestAfter("orders", 8).detail()).isEqualTo("suspected: orders -> orders");
	}

	@Test
	void whenInvokeAllIsNestedThenProven() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		fill(orders, () -> orders.invokeAll(List.of(() -> 1, () -> 2)));
		awaitQueued(orders, 4);
		awaitWaiting();
		assertThat(gravestAfter("orders", 8).detail()).isEqualTo("proven: orders -> orders");
	}

	@Test
	void whenTwoPoolsWaitForEachOtherThenTheRingIsNamed() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 1);
		ThreadPoolExecutor reports = pool("reports", 1);
		CountDownLatch both = new CountDownLatch(2);
		fill(orders, () -> {
			both.countDown();
			both.await();
			return reports.submit(() -> "never").get();
		});
		fill(reports, () -> {
			both.countDown();
			both.await();
			return orders.submit(() -> "never").get();
		});
		awaitQueued(orders, 1);
		awaitQueued(reports, 1);
		awaitWaiting();
		assertThat(gravestAfter("orders", 8).detail()).isEqualTo("proven: orders -> reports -> orders");
		assertThat(gravestAfter("reports", 0).detail()).isEqualTo("proven: reports -> orders -> reports");
	}

	@Test
	void whenThreePoolsWaitInARingThenTheRingIsNamed() throws Exception {
		ThreadPoolExecutor a = pool("a", 1);
		ThreadPoolExecutor b = pool("b", 1);
		ThreadPoolExecutor c = pool("c", 1);
		CountDownLatch all = new CountDownLatch(3);
		Map<ThreadPoolExecutor, ExecutorService> next = Map.of(a, b, b, c, c, a);
		for (ThreadPoolExecutor pool : List.of(a, b, c)) {
			fill(pool, () -> {
				all.countDown();
				all.await();
				return next.get(pool).submit(() -> "never").get();
			});
		}
		for (ThreadPoolExecutor pool : List.of(a, b, c)) {
			awaitQueued(pool, 1);
		}
		awaitWaiting();
		assertThat(gravestAfter("b", 8).detail()).isEqualTo("proven: b -> c -> a -> b");
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
		this.pools.add(target.getThreadPoolExecutor());
		ThreadPoolTaskExecutor mails = (ThreadPoolTaskExecutor) this.decorator.decorate(target, "mails",
				ThreadPoolTaskExecutor.class);
		fill(mails.getThreadPoolExecutor(), () -> mails.submit(() -> "never").get());
		awaitQueued(mails.getThreadPoolExecutor(), 1);
		awaitWaiting();
		assertThat(gravestAfter("mails", 8).detail()).isEqualTo("proven: mails -> mails");
	}

	@Test
	void whenTasksFanOutAndThenSleepThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		fill(orders, () -> {
			orders.submit(() -> "later");
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		awaitQueued(orders, 2);
		awaitWaiting();
		assertThat(gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
	}

	@Test
	void whenTasksFanOutAndThenWaitForALockThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		ReentrantLock lock = new ReentrantLock();
		lock.lock();
		try {
			fill(orders, () -> {
				orders.submit(() -> "later");
				lock.lockInterruptibly();
				return null;
			});
			awaitQueued(orders, 2);
			awaitWaiting();
			assertThat(gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
		}
		finally {
			lock.unlock();
		}
	}

	@Test
	void whenOneOfTwoWorkersIsMerelySlowThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		CountDownLatch first = new CountDownLatch(1);
		CountDownLatch slow = new CountDownLatch(1);
		fill(orders, () -> {
			synchronized (first) {
				if (first.getCount() == 0) {
					slow.await();
					return null;
				}
				first.countDown();
			}
			return orders.submit(() -> "later").get();
		});
		awaitQueued(orders, 1);
		awaitWaiting();
		assertThat(gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
		slow.countDown();
		Awaitility.await().until(() -> orders.getCompletedTaskCount() == 3);
	}

	@Test
	void whenTasksFanOutAndThenBlockOnASocketThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			fill(orders, () -> {
				orders.submit(() -> "later");
				try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
						InputStream in = socket.getInputStream()) {
					return in.read();
				}
			});
			awaitQueued(orders, 2);
			List<Socket> accepted = List.of(server.accept(), server.accept());
			assertThat(gravestAfter("orders", 8).cause()).isEqualTo(StarvationCause.STALLED);
			for (Socket socket : accepted) {
				socket.close();
			}
		}
	}

	@Test
	void whenPoolWouldStartOneMoreThreadThenItIsNoDeadlock() throws Exception {
		ThreadPoolExecutor target = new ThreadPoolExecutor(1, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(2));
		this.pools.add(target);
		ThreadPoolExecutor orders = (ThreadPoolExecutor) this.decorator.decorate(target, "orders",
				ThreadPoolExecutor.class);
		fill(orders, () -> orders.submit(() -> "later").get());
		awaitQueued(orders, 1);
		awaitWaiting();
		// room for one more task before a thread is started: the one that would help
		RaisedCause cause = gravestAfter("orders", 8);
		assertThat(cause.detail()).isEqualTo("proven: orders -> orders");
		assertThat(cause.evidence()).containsEntry("queueRoomTasks", 1);
		orders.execute(() -> {
		});
		assertThat(gravestAfter("orders", 6).cause()).isNotEqualTo(StarvationCause.DEADLOCKED);
		Future<?> helping = orders.submit(() -> {
		});
		helping.get(30, TimeUnit.SECONDS);
	}

	@Test
	void whenTaskRunsOverTheLimitThenItIsStuckAndTheExecutorIsNotStarved() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
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
		assertThat(gravestAfter("orders", 62).evidence()).isEmpty();
		RaisedCause stuck = gravestAfter("orders", 3);
		assertThat(stuck.cause()).isEqualTo(StarvationCause.STUCK);
		assertThat(stuck.evidence()).containsEntry("limitMillis", 60_000L).containsEntry("samples", 1);
		assertThat(this.watch.report(this.registry.find("orders")).isStarved()).isFalse();
		released.countDown();
	}

}
