// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;

import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.servers.TomcatStates;
import io.github.executormetrics.task.SafeLog;

/**
 * Makes known what a connector of Tomcat runs its requests on, from its start to its
 * stop. A pool is left as it is; any other executor that was set is decorated meanwhile.
 */
final class TomcatConnectorThreads implements LifecycleListener {

	static final String OWN_POOL = "Tomcat's own pool is left unchanged: a pool in its place would be external, "
			+ "and server.tomcat.threads.* would not apply to it";

	static final String SET_POOL = "a pool that the application has set is left unchanged";

	static final String EVENTS = "a task is one event of a connection: a request, or a part of a request that is "
			+ "asynchronous or arrives in pieces";

	static final String OWN_VIRTUAL_THREADS = "Tomcat itself starts a virtual thread for each request, and does not count them";

	private static final SafeLog logger = new SafeLog(TomcatConnectorThreads.class);

	private final NonBeanExecutors executors;

	private final String name;

	// what was set on the connector, while it runs
	private @Nullable Executor set;

	private @Nullable String threadPrefix;

	TomcatConnectorThreads(NonBeanExecutors executors, String name) {
		this.executors = executors;
		this.name = name;
	}

	@Override
	public void lifecycleEvent(LifecycleEvent event) {
		try {
			follow(event.getType(), ((Connector) event.getLifecycle()).getProtocolHandler());
		}
		catch (Throwable ex) {
			// a server must not fail to start or stop because of what watches it
			logger.info("The threads of '" + this.name + "' are not watched: " + SafeLog.describe(ex));
		}
	}

	private void follow(String type, ProtocolHandler handler) {
		switch (type) {
			case Lifecycle.BEFORE_START_EVENT -> beforeStart(handler);
			case Lifecycle.AFTER_START_EVENT -> afterStart(handler);
			case Lifecycle.BEFORE_STOP_EVENT -> beforeStop(handler);
			default -> {
			}
		}
	}

	private void beforeStart(ProtocolHandler handler) {
		Executor executor = handler.getExecutor();
		this.set = executor;
		if (this.threadPrefix == null && handler instanceof AbstractProtocol<?> protocol) {
			// once there is a port the protocol has another name than its threads
			this.threadPrefix = protocol.getName().replace("\"", "") + "-exec-";
		}
		if (executor != null && (!TomcatStates.isPool(executor) || this.executors.isKnown(executor))) {
			handler.setExecutor(
					(Executor) this.executors.decorate(executor, this.name, ExecutorOrigin.WEB_SERVER, EVENTS));
		}
	}

	private void afterStart(ProtocolHandler handler) {
		Executor executor = handler.getExecutor();
		if (executor == null || this.executors.isKnown(executor)) {
			return;
		}
		ExecutorState state = TomcatStates.of(executor, (this.set == null) ? this.threadPrefix : null);
		if (state != null) {
			this.executors.add(this.name, executor.getClass(), ExecutorOrigin.WEB_SERVER, state,
					(this.set != null) ? SET_POOL : OWN_POOL);
		}
		else if (this.set == null) {
			this.executors.leave(executor, this.name, ExecutorOrigin.WEB_SERVER, OWN_VIRTUAL_THREADS);
		}
	}

	private void beforeStop(ProtocolHandler handler) {
		this.executors.remove(this.name, ExecutorOrigin.WEB_SERVER);
		if (this.set != null) {
			handler.setExecutor(this.set);
			this.set = null;
		}
	}

}
