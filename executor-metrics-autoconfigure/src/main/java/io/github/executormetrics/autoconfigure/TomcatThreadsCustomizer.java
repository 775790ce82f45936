// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Arrays;

import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;

/**
 * Follows the connectors of an embedded Tomcat, additional ones included. Changes nothing
 * of the server's configuration.
 */
final class TomcatThreadsCustomizer implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

	private static final String NAME = "tomcat-http";

	private final NonBeanExecutors executors;

	private final ApplicationContext applicationContext;

	private final boolean enabled;

	TomcatThreadsCustomizer(NonBeanExecutors executors, ApplicationContext applicationContext, boolean enabled) {
		this.executors = executors;
		this.applicationContext = applicationContext;
		this.enabled = enabled;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		if (this.enabled) {
			factory.addContextCustomizers((context) -> context.addLifecycleListener((event) -> {
				// Boot takes the connectors away as the context starts, and starts them
				// later
				if (event.getType().equals(Lifecycle.BEFORE_START_EVENT)) {
					follow(serviceOf(context));
				}
			}));
		}
	}

	private static @Nullable Service serviceOf(Context context) {
		for (Container container = context; container != null; container = container.getParent()) {
			if (container instanceof Engine engine) {
				return engine.getService();
			}
		}
		return null;
	}

	private void follow(@Nullable Service service) {
		if (service == null) {
			return;
		}
		String namespace = WebServerApplicationContext.getServerNamespace(this.applicationContext);
		String name = (namespace != null) ? NAME + "-" + namespace : NAME;
		Connector[] connectors = service.findConnectors();
		for (int i = 0; i < connectors.length; i++) {
			follow(connectors[i], (i > 0) ? name + "-" + port(connectors[i], i) : name);
		}
	}

	private void follow(Connector connector, String name) {
		// the context may be started again while its connectors run
		if (Arrays.stream(connector.findLifecycleListeners()).noneMatch(TomcatConnectorThreads.class::isInstance)) {
			connector.addLifecycleListener(new TomcatConnectorThreads(this.executors, name));
		}
	}

	/** Which port is free is not known yet where any will do. */
	private static String port(Connector connector, int index) {
		return (connector.getPort() > 0) ? String.valueOf(connector.getPort()) : "auto-" + index;
	}

}
