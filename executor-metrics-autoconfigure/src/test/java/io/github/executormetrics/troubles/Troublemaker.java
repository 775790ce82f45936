// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

import org.springframework.context.ApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.troubles.TroubledApplication.Mailer;

/**
 * Makes every trouble, and goes on with it until it is closed.
 */
final class Troublemaker implements AutoCloseable {

	private final ApplicationContext application;

	private final CountDownLatch held = new CountDownLatch(1);

	private final List<AutoCloseable> resources = new ArrayList<>();

	private volatile boolean closed;

	Troublemaker(ApplicationContext application) {
		this.application = application;
	}

	void make(Trouble trouble) throws Exception {
		switch (trouble) {
			case FUTURE_GET -> fill("futures", 2, () -> pool("futures").submit(() -> "never").get());
			case FUTURE_JOIN ->
				fill("joins", 2, () -> CompletableFuture.supplyAsync(() -> "never", pool("joins")).join());
			case INVOKE_ALL -> fill("bulk", 2, () -> pool("bulk").invokeAll(List.of(() -> 1, () -> 2)));
			case NESTED_ASYNC -> nestedAsync();
			case RING_OF_TWO -> ring(Map.of("orders", 2, "stock", 1), "orders", "stock");
			case RING_OF_THREE -> ring(Map.of("first", 1, "second", 1, "third", 1), "first", "second", "third");
			case JOINED_RING -> joinedRing();
			case NESTED_AT_THE_LIMIT -> fill("nested", 2, () -> {
				this.application.getBean("nested", SimpleAsyncTaskExecutor.class).execute(() -> {
				});
				return 1;
			});
			case CONCURRENCY_LIMIT -> concurrencyLimit();
			case ENDLESS_LOOP -> {
				pool("loop").submit(Troublemaker::nothing).get();
				pool("loop").execute(this::loop);
				pool("loop").execute(Troublemaker::nothing);
			}
			case SOCKET_READ -> socketRead();
			case CHAIN -> {
				fill("front", 2, () -> pool("reports").submit(() -> "never").get());
				pool("front").execute(Troublemaker::nothing);
			}
			case SLOW_DOWNSTREAM -> slowDownstream();
			case FLOOD -> flood();
			case REJECTING -> rejecting();
			case OVERRUN -> overrun();
		}
	}

	private ExecutorService pool(String name) {
		return this.application.getBean(name, ExecutorService.class);
	}

	/** Runs a task on each worker, once all have started. */
	private void fill(String name, int workers, Callable<?> task) {
		CyclicBarrier all = new CyclicBarrier(workers);
		for (int i = 0; i < workers; i++) {
			this.application.getBean(name, Executor.class).execute(() -> {
				try {
					all.await();
					task.call();
				}
				catch (Exception ex) {
					// the end of the test
				}
			});
		}
	}

	/** Every worker of each waits for the next, once all of them have started. */
	private void ring(Map<String, Integer> workers, String... names) {
		CountDownLatch all = new CountDownLatch(workers.values().stream().mapToInt((count) -> count).sum());
		for (int i = 0; i < names.length; i++) {
			String next = names[(i + 1) % names.length];
			fill(names[i], workers.get(names[i]), () -> {
				all.countDown();
				all.await();
				return pool(next).submit(() -> "never").get();
			});
		}
	}

	private void joinedRing() {
		CyclicBarrier all = new CyclicBarrier(2);
		fill("left", 1, () -> {
			all.await();
			return CompletableFuture.supplyAsync(() -> "never", pool("right")).join();
		});
		fill("right", 1, () -> {
			all.await();
			return CompletableFuture.supplyAsync(() -> "never", pool("left")).join();
		});
	}

	private void nestedAsync() {
		Mailer mailer = this.application.getBean(Mailer.class);
		CountDownLatch onTheWay = new CountDownLatch(1);
		// both workers are held until both mails are on the way
		for (int i = 0; i < 2; i++) {
			this.application.getBean("mails", Executor.class).execute(() -> await(onTheWay));
		}
		mailer.send();
		mailer.send();
		onTheWay.countDown();
	}

	private void concurrencyLimit() {
		Executor limited = this.application.getBean("limited", Executor.class);
		for (int i = 0; i < 5; i++) {
			thread("submitter", () -> limited.execute(() -> await(this.held)));
		}
	}

	/** Computes until the end of the test. */
	private void loop() {
		while (!this.closed) {
			Thread.onSpinWait();
		}
	}

	private void socketRead() throws IOException {
		ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.resources.add(server);
		fill("reports", 2, () -> {
			try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
				return socket.getInputStream().read();
			}
		});
		pool("reports").execute(Troublemaker::nothing);
	}

	/**
	 * A hundred calls a second: eight workers are plenty at 5 ms and far too few at 2 s.
	 */
	private void slowDownstream() {
		thread("downstream", () -> {
			while (!this.closed) {
				pool("calls").execute(() -> sleep(2_000));
				LockSupport.parkNanos(10_000_000);
			}
		});
	}

	/** Calls a downstream that answers in time. */
	void callDownstream() {
		for (int i = 0; i < 200; i++) {
			pool("calls").execute(() -> sleep(5));
			LockSupport.parkNanos(10_000_000);
		}
	}

	private void flood() {
		for (int i = 0; i < 100_000; i++) {
			pool("flood").execute(() -> LockSupport.parkNanos(500_000));
		}
	}

	private void rejecting() {
		thread("flooder", () -> {
			while (!this.closed) {
				try {
					pool("bounded").execute(() -> sleep(50));
				}
				catch (RejectedExecutionException ex) {
					// that is the trouble
				}
				LockSupport.parkNanos(10_000_000);
			}
		});
	}

	private void overrun() {
		ThreadPoolTaskScheduler jobs = this.application.getBean("jobs", ThreadPoolTaskScheduler.class);
		jobs.scheduleWithFixedDelay(() -> sleep(900), Duration.ofMillis(10));
		jobs.scheduleAtFixedRate(Troublemaker::nothing, Duration.ofMillis(100));
		jobs.scheduleAtFixedRate(Troublemaker::nothing, Duration.ofMillis(100));
	}

	private static void nothing() {
	}

	private static void thread(String name, Runnable task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				// the end of the test
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.held.countDown();
		for (AutoCloseable resource : this.resources) {
			try {
				resource.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
