// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of where a thread is said to stand, on the stacks of real threads.
 */
class CodeLocationTests {

	private static final ReentrantLock LOCK = new ReentrantLock();

	private final List<Thread> threads = new ArrayList<>();

	@AfterEach
	void interrupt() {
		this.threads.forEach(Thread::interrupt);
		if (LOCK.isHeldByCurrentThread()) {
			LOCK.unlock();
		}
	}

	private List<StackTraceElement> stackOf(Callable<?> wait) {
		Thread thread = new Thread(() -> {
			try {
				wait.call();
			}
			catch (Exception ex) {
				// the end of the test
			}
		});
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
		Awaitility.await()
			.until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
		return Arrays.asList(thread.getStackTrace());
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void threadIsIn(String place, boolean handOver, Callable<?> wait) {
		LOCK.lock();
		List<StackTraceElement> stack = stackOf(wait);
		assertThat(CodeLocation.of(stack)).isEqualTo(place);
		assertThat(CodeLocation.isHandOver(stack)).isEqualTo(handOver);
	}

	static Stream<Arguments> threadIsIn() {
		return Stream.of(place("java.util.concurrent.FutureTask.get", true, () -> new FutureTask<>(() -> 1).get()),
				place("java.util.concurrent.FutureTask.get", true,
						() -> new FutureTask<>(() -> 1).get(1, TimeUnit.HOURS)),
				place("java.util.concurrent.CompletableFuture.join", true, () -> new CompletableFuture<>().join()),
				place("java.util.concurrent.CountDownLatch.await", true, () -> {
					new CountDownLatch(1).await();
					return 1;
				}), place("java.util.concurrent.SynchronousQueue.take", true, () -> new SynchronousQueue<>().take()),
				place("java.util.concurrent.LinkedBlockingQueue.take", true, () -> new LinkedBlockingQueue<>().take()),
				place("java.util.concurrent.locks.ReentrantLock.lockInterruptibly", false, () -> {
					LOCK.lockInterruptibly();
					return 1;
				}), place("io.github.executormetrics.workers.CodeLocationTests.awaitACondition", false,
						CodeLocationTests::awaitACondition),
				place("java.lang.Thread.sleep", false, () -> {
					Thread.sleep(3_600_000);
					return 1;
				}), place("java.lang.Object.wait", false, () -> {
					Object monitor = new Object();
					synchronized (monitor) {
						monitor.wait();
					}
					return 1;
				}));
	}

	private static Object awaitACondition() throws InterruptedException {
		ReentrantLock lock = new ReentrantLock();
		lock.lockInterruptibly();
		lock.newCondition().await();
		return lock;
	}

	private static Arguments place(String place, boolean handOver, Callable<?> wait) {
		return Arguments.of(place, handOver, wait);
	}

	@Test
	void whenThreadReadsASocketThenThatIsTheSocketsMethod() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
				Socket accepted = server.accept()) {
			Thread reader = new Thread(() -> read(client));
			reader.setDaemon(true);
			reader.start();
			Awaitility.await().untilAsserted(() -> {
				List<StackTraceElement> stack = Arrays.asList(reader.getStackTrace());
				assertThat(CodeLocation.of(stack)).isEqualTo("java.net.Socket$SocketInputStream.read");
				assertThat(CodeLocation.isHandOver(stack)).isFalse();
			});
			assertThat(accepted.isConnected()).isTrue();
		}
	}

	private static void read(Socket socket) {
		try {
			new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
		}
		catch (IOException ex) {
			// the end of the test
		}
	}

	@Test
	void whenThreadComputesThenThatIsTheUsersMethod() {
		assertThat(CodeLocation.of(frames("com.acme.Pricing.price", "com.acme.Orders.lambda$place$0",
				"java.util.concurrent.ThreadPoolExecutor.runWorker")))
			.isEqualTo("com.acme.Pricing.price");
		assertThat(CodeLocation.isHandOver(frames("com.acme.Pricing.price"))).isFalse();
	}

	@Test
	void whenAFutureIsJoinedInAStreamThenThatIsAHandOver() {
		assertThat(CodeLocation.isHandOver(frames("jdk.internal.misc.Unsafe.park",
				"java.util.concurrent.locks.LockSupport.park", "java.util.concurrent.CompletableFuture$Signaller.block",
				"java.util.concurrent.CompletableFuture.join", "java.util.stream.ReferencePipeline$3$1.accept")))
			.isTrue();
	}

	// what a client's own thread hands over came from a socket
	@Test
	void whenAClientWaitsForItsOwnThreadThenThatIsNoHandOver() {
		for (String client : List.of("jdk.internal.net.http.HttpClientImpl.send", "reactor.core.publisher.Mono.block",
				"com.zaxxer.hikari.pool.HikariPool.getConnection")) {
			assertThat(CodeLocation
				.isHandOver(frames("jdk.internal.misc.Unsafe.park", "java.util.concurrent.locks.LockSupport.park",
						"java.util.concurrent.CountDownLatch.await", client, "com.acme.Orders.place")))
				.as(client)
				.isFalse();
		}
	}

	@Test
	void whenThereIsNoStackThenNothingIsSaid() {
		assertThat(CodeLocation.of(List.of())).isNull();
		assertThat(CodeLocation.isHandOver(List.of())).isFalse();
		assertThat(CodeLocation.of(frames("jdk.internal.misc.Unsafe.park"))).isEqualTo("jdk.internal.misc.Unsafe.park");
	}

	private static List<StackTraceElement> frames(String... methods) {
		return Arrays.stream(methods).map((method) -> {
			int dot = method.lastIndexOf('.');
			return new StackTraceElement(method.substring(0, dot), method.substring(dot + 1), null, -1);
		}).toList();
	}

}
