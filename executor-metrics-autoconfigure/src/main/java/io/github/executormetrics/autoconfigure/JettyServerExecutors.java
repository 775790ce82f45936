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

/**
 * Makes the threads of a Jetty server known from its start to its stop. Comes last, so
 * that customizers of the user's find the handlers that they expect.
 */
final class JettyServerExecutors implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

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
	JettyServerExecutors(NonBeanExecutors executors, ExecutorMetricsProperties properties, @Nullable String namespace) {
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
		server.addEventListener(new LifeCycle.Listener() {

			private @Nullable MonitoredExecutor executor;

			@Override
			public void lifeCycleStarted(LifeCycle event) {
				this.executor = add(server, requests);
			}

			@Override
			public void lifeCycleStopped(LifeCycle event) {
				JettyServerExecutors.this.executors.remove(this.executor);
			}

		});
	}

	private @Nullable MonitoredExecutor add(Server server, JettyRequests requests) {
		JettyServerState state = JettyServerState.of(server, requests);
		return this.executors.add(this.name, server.getThreadPool().getClass(), ExecutorOrigin.WEB_SERVER, state,
				state.reason());
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
