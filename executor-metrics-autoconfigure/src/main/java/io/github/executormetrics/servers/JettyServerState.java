// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

import io.github.executormetrics.monitor.ExecutorState;

/**
 * What a Jetty server tells of the threads that it serves requests on. Where its pool
 * tells nothing of those, they are the requests that hold one.
 */
public class JettyServerState implements ExecutorState {

	private final Server server;

	private final JettyRequests requests;

	JettyServerState(Server server, JettyRequests requests) {
		this.server = server;
		this.requests = requests;
	}

	/**
	 * The state of a server that has started.
	 * @param server the server
	 * @param requests what counts its requests
	 * @return what fits its pool
	 */
	public static JettyServerState of(Server server, JettyRequests requests) {
		ThreadPool pool = server.getThreadPool();
		if (pool instanceof QueuedThreadPool queued && !VirtualThreads.isUseVirtualThreads(queued)) {
			return new JettyPoolState(server, requests, queued);
		}
		return (pool instanceof VirtualThreadPool virtual) ? new JettyVirtualThreadsState(server, requests, virtual)
				: new JettyServerState(server, requests);
	}

	/**
	 * Why no more is seen.
	 * @return a sentence
	 */
	public String reason() {
		return "only the requests that hold a thread are visible: the pool reports nothing about those that wait for a thread";
	}

	@Override
	public int busy() {
		return this.requests.running();
	}

	@Override
	public int idle() {
		return 0;
	}

	@Override
	public int limit() {
		return NONE;
	}

	@Override
	public int queueDepth() {
		return 0;
	}

	@Override
	public final long started() {
		return this.requests.started();
	}

	@Override
	public final boolean isGone() {
		return this.server.isStopped();
	}

	@Override
	public final boolean isAtRest() {
		return isGone();
	}

}
