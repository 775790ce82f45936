// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import java.lang.reflect.Method;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The state of Jetty's virtual threads. Where it limits them, each takes a permit, those
 * that accept for good. A thread that selects turns into the one of the request that it
 * finds, and one more is asked for that selects in its place: at the limit that one waits
 * for a permit, as does each new connection, and Jetty is deaf meanwhile. So what waits
 * tells that the limit is reached, and not how many requests wait.
 */
final class JettyVirtualThreadsState extends JettyServerState {

	// Jetty 12.1.6 renamed it: Boot 4.0.0 has the one name, and later versions may have
	// only the other
	private static final @Nullable Method MOST = findMost();

	private final Server server;

	private final VirtualThreadPool pool;

	JettyVirtualThreadsState(Server server, JettyRequests requests, VirtualThreadPool pool) {
		super(server, requests);
		this.server = server;
		this.pool = pool;
	}

	@Override
	public String reason() {
		return "a virtual thread of Jetty waits for a request and then serves it, so its wait and run would not be those of "
				+ "a request. The requests that hold a thread are visible, and so are the jobs that wait at the limit, "
				+ "where Jetty accepts no more";
	}

	@Override
	public int limit() {
		int most = most();
		return (most > 0) ? Math.max(0, most - acceptors()) : NONE;
	}

	private int most() {
		return (MOST != null && ReflectionUtils.invokeMethod(MOST, this.pool) instanceof Integer most) ? most : 0;
	}

	private static @Nullable Method findMost() {
		Method method = ClassUtils.getMethodIfAvailable(VirtualThreadPool.class, "getMaxConcurrentTasks");
		return (method != null) ? method : ClassUtils.getMethodIfAvailable(VirtualThreadPool.class, "getMaxThreads");
	}

	private int acceptors() {
		return Stream.of(this.server.getConnectors())
			.mapToInt((connector) -> (connector instanceof AbstractConnector accepting) ? accepting.getAcceptors() : 0)
			.sum();
	}

	@Override
	public int queueDepth() {
		Semaphore permits = permits();
		return (permits != null) ? permits.getQueueLength() : 0;
	}

	private @Nullable Semaphore permits() {
		return this.pool.getBean(Semaphore.class);
	}

}
