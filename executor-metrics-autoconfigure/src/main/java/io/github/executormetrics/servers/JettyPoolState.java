// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import java.util.List;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import io.github.executormetrics.monitor.LiveThreads;

/**
 * The state of Jetty's own pool of platform threads, without those that accept and
 * select: they are leased, and no request gets them.
 */
final class JettyPoolState extends JettyServerState {

	private final QueuedThreadPool pool;

	JettyPoolState(Server server, JettyRequests requests, QueuedThreadPool pool) {
		super(server, requests);
		this.pool = pool;
	}

	@Override
	public String reason() {
		return "Jetty's pool is left unchanged: its threads, its queue (including Jetty's own jobs) and the requests that "
				+ "begin are visible, but not the wait and run of each";
	}

	@Override
	public int busy() {
		// its figures are read one by one, and leases are taken before their threads
		return Math.max(0, Math.min(this.pool.getUtilizedThreads(), limit()));
	}

	/**
	 * Threads that wait for a queued job. One that is reserved is not among them: it is
	 * handed what is selected next, and lets what is queued wait.
	 */
	@Override
	public int idle() {
		return this.pool.getIdleThreads();
	}

	@Override
	public int limit() {
		return this.pool.getMaxThreads() - this.pool.getLeasedThreads();
	}

	@Override
	public int queueDepth() {
		return this.pool.getQueueSize();
	}

	/**
	 * Those of the names that the pool gives. What accepts is named otherwise, what
	 * selects is not.
	 */
	@Override
	public List<Thread> threads() {
		String name = this.pool.getName() + "-";
		return LiveThreads.find((thread) -> thread.getName().equals(name + thread.getId()));
	}

}
