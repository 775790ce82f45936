// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.servers.JettyRequests;
import io.github.executormetrics.servers.JettyServerState;
import io.github.executormetrics.task.SafeLog;

/**
 * Makes the threads of a Jetty server known from its start to its stop. Comes last, so
 * that customizers of the user's find the handlers that they expect.
 */
final class JettyThreadsCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private static final SafeLog logger = new SafeLog(JettyThreadsCustomizer.class);

	private static final String NAME = "jetty-http";

	private final NonBeanExecutors executors;

	private final ExecutorMetricsProperties properties;

	private final String name;

	/**
	 * Create it for the servers of one application context.
	 * @param executors where to make them known
	 * @param properties whether to
	 * @param namespace what tells them from those of another context, or null
	 */
	JettyThreadsCustomizer(NonBeanExecutors executors, ExecutorMetricsProperties properties,
			@Nullable String namespace) {
		this.executors = executors;
		this.properties = properties;
		this.name = (namespace != null) ? NAME + "-" + namespace : NAME;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		if (this.properties.enabled() && this.properties.sources().webServer()) {
			factory.addServerCustomizers(this::observe);
		}
	}

	private void observe(Server server) {
		JettyRequests requests = new JettyRequests();
		if (this.properties.reasonToLeave(this.name) == null) {
			server.insertHandler(requests);
		}
		server.addEventListener(new Presence(server, requests));
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * The threads of one server, while it runs.
	 */
	private final class Presence implements LifeCycle.Listener {

		private final Server server;

		private final JettyRequests requests;

		private @Nullable MonitoredExecutor executor;

		Presence(Server server, JettyRequests requests) {
			this.server = server;
			this.requests = requests;
		}

		@Override
		public void lifeCycleStarted(LifeCycle event) {
			try {
				JettyServerState state = JettyServerState.of(this.server, this.requests);
				this.executor = JettyThreadsCustomizer.this.executors.add(JettyThreadsCustomizer.this.name,
						this.server.getThreadPool().getClass(), ExecutorOrigin.WEB_SERVER, state, state.reason());
			}
			catch (Throwable ex) {
				// a server must not fail to start because of what watches it
				logger.info("The threads of '" + JettyThreadsCustomizer.this.name + "' are not watched: "
						+ SafeLog.describe(ex));
			}
		}

		@Override
		public void lifeCycleStopped(LifeCycle event) {
			JettyThreadsCustomizer.this.executors.remove(this.executor);
			this.executor = null;
		}

	}

}
